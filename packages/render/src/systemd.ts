/** What a systemd unit of Seaworthy's controller needs to know. */
export interface SystemdOptions {
  /** Name of the fleet. */
  readonly fleet: string
  readonly environment: string
  /** Absolute path of the folder with the catalog. */
  readonly folder: string
  /** Absolute path of Node. */
  readonly node: string
  /** Absolute path of Seaworthy's entry point. */
  readonly seaworthy: string
  /** User that the controller runs as; root when absent, which it needs to give each service a user of its own. */
  readonly user?: string
}

/** A word of a unit file's command line. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word.replaceAll('%', '%%')
    : `"${word.replaceAll('%', '%%').replace(/["\\$]/g, '\\$&')}"`
}

/**
 * The unit that keeps a fleet running: `systemctl stop` asks `seaworthy up` to drain and stop everything, which has two
 * minutes for it. `up` replaces a controller that dies; `KillMode=process` leaves replicas to it.
 */
export function systemdUnit(options: SystemdOptions): string {
  const run = (...words: string[]): string => [options.node, options.seaworthy, ...words].map(quoted).join(' ')
  return `[Unit]
Description=Seaworthy fleet ${options.fleet} (${options.environment})
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
WorkingDirectory=${options.folder.replaceAll('%', '%%')}
ExecStart=${run('up', '--env', options.environment)}
${options.user ? `User=${options.user}\n` : ''}KillMode=process
Restart=always
RestartSec=1
TimeoutStopSec=120
Delegate=yes
LimitNOFILE=1048576

[Install]
WantedBy=multi-user.target
`
}
