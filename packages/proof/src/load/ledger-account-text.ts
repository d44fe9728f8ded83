import { type Account, mostBusy } from './ledger-account.ts'

/** The account as a person reads it: one table, what was done to the system, what was explained, what was not (the first `shown`). */
export function formatAccount(title: string, account: Account, shown = 20): string {
  const number = (value: number | undefined): string => value?.toLocaleString('en-US') ?? '-'
  const head = ['client', 'traffic', 'sent', 'answered once', 'resent', 'reconnected', 'applied once', 'applied again']
  const rows = account.clients.map((one) => [
    one.client,
    one.traffic,
    number(one.sent),
    number(one.answeredOnce),
    number(one.resent),
    number(one.reconnected),
    number(one.appliedOnce),
    number(one.appliedAgain),
  ])
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  const done = Object.entries(account.disturbances).map(([name, count]) => `${count} × ${name}`)
  const counts = Object.entries(account.violationCounts).map(([kind, count]) => `${count} ${kind}`)
  return [
    `${title}: ${account.clean ? 'clean' : 'NOT clean'} · ${number(account.sent)} ids sent, ${number(account.answeredOnce)} answered exactly once, in ${(account.elapsedMs / 1000).toFixed(1)} s`,
    line(head),
    ...rows.map(line),
    `disturbances  ${total(account.disturbances)} of ${account.plannedDisturbances}${done.length > 0 ? `: ${done.join(', ')}` : ''}`,
    ...(account.failure === undefined ? [] : [`FAILED        ${account.failure}`]),
    ...Object.entries(account.explained).map(([name, count]) => `explained     ${number(count)}: ${name}`),
    `violations    ${counts.length === 0 ? '0' : counts.join(', ')}`,
    ...account.violations.slice(0, shown).map((one) => {
      const time = `${(one.from / 1000).toFixed(2)}..${(one.to / 1000).toFixed(2)} s`
      return `  ${one.kind}  ${one.id}  ${time}  ${one.detail}`
    }),
    ...(total(account.violationCounts) > shown ? [`  and ${number(total(account.violationCounts) - shown)} more`] : []),
    ...(account.client.busy > mostBusy
      ? [
          `note          INVALID: the clients' own process was busy ${(account.client.busy * 100).toFixed(0)} % of the time; what it found may be its own doing`,
        ]
      : []),
    ...(account.client.stalledMs > 1000
      ? [
          `note          the clients' own process did not run for up to ${(account.client.stalledMs / 1000).toFixed(1)} s; no timeout was counted against anybody for that`,
        ]
      : []),
    ...(account.file.torn > 0 ? [`note          ${account.file.torn} torn lines in the service's ledger`] : []),
  ].join('\n')
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
