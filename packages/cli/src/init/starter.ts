/** The config for a folder in which nothing was found that runs: small, and every line of it works. */
export function starterConfig(name: string): string {
  return `import { fleet, service } from 'seaworthy'

// Nothing was found here to begin with, so this is a beginning: one service. \`seaworthy check\` says what is wrong with it,
// \`seaworthy explain\` what it means, \`seaworthy up\` starts it.
const web = service('web', {
  // The command that starts it, in this folder. It listens on the port that it finds in PORT.
  run: 'node server.js',
  port: 3000,
  // Everything that reaches the gateway goes to it.
  routes: ['/'],
  // A path that answers 200 when it is ready for requests:
  // health: '/health',
  // What it cannot do without; \`const db = postgres('db')\` makes a database, whose address it finds in DB_URL:
  // needs: [db],
})

export default fleet('${name}', { services: [web] })
`
}
