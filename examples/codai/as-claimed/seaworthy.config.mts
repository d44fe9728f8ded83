// A claim of the system that this example is modelled on, as it stood in its documentation. `seaworthy check` refuses it.
import { fleet, service } from 'seaworthy'

// Names of services are host names. "AIDE" cannot be one in Kubernetes, and would be another one than "aide" in a file system.
const aide = service('AIDE', { run: 'node service/main.ts', port: 3000, routes: ['aide.codai.example.com/'] })

export default fleet('codai-as-claimed', { services: [aide] })
