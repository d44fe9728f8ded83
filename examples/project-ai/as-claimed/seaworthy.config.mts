// A claim of the system that this example is modelled on, as it stood in its documentation. `seaworthy check` refuses it.
import { fleet, postgres } from 'seaworthy'

const database = postgres('database', {
  storage: '20Gi',
  // "Daily PostgreSQL backups, RPO 1 hour, RTO 15 minutes": a daily backup can lose a day.
  backup: { schedule: '0 2 * * *', rpo: '1h', rto: '15m', drill: '0 4 * * 1' },
})

export default fleet('project-ai-as-claimed', { postgres: [database] })
