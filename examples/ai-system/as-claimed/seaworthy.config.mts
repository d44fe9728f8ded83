// Claims of the system that this example is modelled on, as they stood in its documentation. `seaworthy check` refuses them.
import { fleet, machine, service } from 'seaworthy'

// "NVIDIA MIG partitioning for RTX 4090 (4x independent instances)": no GeForce card has MIG.
const mainpc = machine('mainpc', {
  gpu: {
    model: 'RTX 4090',
    memory: '24Gi',
    share: { mode: 'mig', profiles: ['1g.6gb', '1g.6gb', '1g.6gb', '1g.6gb'] },
  },
})

const vision = service('vision-gpu', {
  run: 'node services/vision/main.ts',
  port: 8000,
  routes: ['/vision'],
  place: [mainpc],
  gpu: { profile: '1g.6gb' },
})

// Names of groups are host names, in which there is no underscore.
const memory = service('memory_stack', { run: 'node services/memory/main.ts', port: 8000, routes: ['/memory'] })

export default fleet('ai-system-as-claimed', { services: [vision, memory] })
