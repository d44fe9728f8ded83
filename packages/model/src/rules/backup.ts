import { backupInterval, dataOf } from './backed.ts'
import { about, bytes, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Read rate of `pg_restore -j2`, bytes per second: 1054 MB in 29.6 s, measured with PostgreSQL 15 on two cores. */
const logicalRate = 35e6
/** Copy of a base backup and replay of the log, bytes per second: the slower of the two, measured on the same machine. */
const physicalRate = 140e6
/** What a 10 Gbit/s network and a fast disk carry, bytes per second: nothing is restored faster than that. */
const ceilingRate = 1.25e9

/** Rules on how much may be lost and how long it may take to come back. */
export const backupRules: readonly Rule[] = [
  refusal({
    code: 'SW1101',
    title: 'RPO shorter than the backup interval',
    meaning:
      'What was written since the last backup is lost with the machine, so nothing shorter than the interval can be promised. Back up more often, archive the write-ahead log, or promise less.',
    *check(context) {
      for (const { kind, backup, path } of dataOf(context)) {
        if (backup?.rpo === undefined) continue
        const found = backupInterval(backup, kind, context)
        if (!found || backup.rpo >= found.interval) continue
        const often = found.field === 'archiveEvery' ? 'a log segment archived' : 'a backup'
        yield {
          path: [...path, 'backup', 'rpo'],
          message: `expected ${often} at least every ${time(backup.rpo)} (the RPO), found one every ${about(found.interval)}`,
          hint:
            found.field === 'archiveEvery'
              ? `set archiveEvery to ${time(backup.rpo)} or less, or rpo to ${time(found.interval)} or more`
              : kind === 'postgres'
                ? `set \`continuous: true\` with \`archiveEvery: '${time(Math.min(backup.rpo, 300_000))}'\`, or rpo to ${about(found.interval)} or more`
                : `set \`every: '${time(backup.rpo)}'\` or less, or rpo to ${about(found.interval)} or more`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1102',
    title: 'Restore objective without a backup',
    meaning: 'An RPO or RTO is promised, but nothing says when a backup is made. Give a schedule, or promise nothing.',
    *check(context) {
      for (const { kind, backup, path } of dataOf(context)) {
        if (!backup || (backup.rpo === undefined && backup.rto === undefined)) continue
        if (backupInterval(backup, kind, context)) continue
        yield {
          path: [...path, 'backup', backup.rpo === undefined ? 'rto' : 'rpo'],
          message: 'expected `schedule`, `every` or `continuous` beside a restore objective, found none of them',
          hint: `add \`every: '${time(backup.rpo ?? 86_400_000)}'\`, or take the objective out`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1103',
    title: 'Continuous backup of something without a log',
    meaning: 'Only PostgreSQL has a write-ahead log that can be archived. Back the others up at an interval.',
    *check(context) {
      for (const { kind, backup, path } of dataOf(context)) {
        if (!backup?.continuous || kind === 'postgres') continue
        yield {
          path: [...path, 'backup', 'continuous'],
          message: `expected continuous backup on PostgreSQL only, found it on a ${kind}`,
          hint: `use \`every: '${time(backup.rpo ?? 3_600_000)}'\` instead`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1104',
    title: 'Two backup schedules',
    meaning: '`every` stands instead of `schedule`; with both it is not clear which is meant.',
    *check(context) {
      for (const { backup, path } of dataOf(context)) {
        if (backup?.schedule === undefined || backup.every === undefined) continue
        yield {
          path: [...path, 'backup', 'every'],
          message: `expected either \`schedule\` or \`every\`, found both (${backup.schedule} and ${time(backup.every)})`,
          hint: 'keep the one that is meant',
        }
      }
    },
  }),
  refusal({
    code: 'SW1105',
    title: 'RTO that no disk or network can keep',
    meaning:
      'The time is too short to move that much data at 10 Gbit/s, whatever restores it. Promise a longer time, or keep less in one place.',
    *check(context) {
      for (const { backup, storage, path } of dataOf(context)) {
        if (backup?.rto === undefined) continue
        const least = (storage.size / ceilingRate) * 1000
        if (backup.rto >= least) continue
        yield {
          path: [...path, 'backup', 'rto'],
          message: `expected an RTO of at least ${about(least)}, the time in which ${bytes(storage.size)} pass at 10 Gbit/s, found ${time(backup.rto)}`,
          hint: `set rto to ${time(restoreTime(storage.size, backup.continuous))}, what a restore of a full ${bytes(storage.size)} was measured to take`,
        }
      }
    },
  }),
  warning({
    code: 'SW2101',
    title: 'RPO without room for the backup itself',
    meaning:
      'A backup holds what was there when it began, so the loss may reach the interval plus the time that the backup takes.',
    *check(context) {
      for (const { kind, backup, path } of dataOf(context)) {
        if (backup?.rpo === undefined) continue
        const found = backupInterval(backup, kind, context)
        if (!found || backup.rpo < found.interval || backup.rpo >= found.interval * 1.05) continue
        yield {
          path: [...path, 'backup', 'rpo'],
          message: `expected an RPO above the interval of ${about(found.interval)}, found ${time(backup.rpo)}: no time is left for making the backup`,
          hint: `set rpo to ${about(found.interval * 1.25)}, or back up every ${about(found.interval * 0.8)}`,
        }
      }
    },
  }),
  warning({
    code: 'SW2102',
    title: 'RTO shorter than a restore was measured to take',
    meaning:
      'With the volume full, a restore at the rates measured on a small machine takes longer than promised. Drill it, or promise a longer time.',
    *check(context) {
      for (const { kind, backup, storage, path } of dataOf(context)) {
        if (backup?.rto === undefined || backup.rto < (storage.size / ceilingRate) * 1000) continue
        const likely = restoreTime(storage.size, backup.continuous)
        if (backup.rto >= likely) continue
        yield {
          path: [...path, 'backup', 'rto'],
          message: `expected an RTO of about ${about(likely)} for ${bytes(storage.size)}, found ${time(backup.rto)}`,
          hint: `set rto to ${time(likely)}${kind === 'postgres' && !backup.continuous ? ', or `continuous: true`, which restores four times as fast' : ''}`,
        }
      }
    },
  }),
  warning({
    code: 'SW2103',
    title: 'Restore that is never tried',
    meaning: 'An objective is promised, but no restore is drilled, so nobody knows whether it is kept.',
    *check(context) {
      for (const { backup, path } of dataOf(context)) {
        if (!backup || backup.drill !== undefined || (backup.rpo === undefined && backup.rto === undefined)) continue
        yield {
          path: [...path, 'backup', 'drill'],
          message: 'expected a `drill` beside a restore objective, found none',
          hint: "add `drill: '0 4 * * 1'`: every Monday at 04:00 UTC the newest backup is restored beside the original, and timed",
        }
      }
    },
  }),
  warning({
    code: 'SW2104',
    title: 'Database without a backup in production',
    meaning: 'Nothing of this database survives the loss of its disk.',
    *check(context) {
      if (!context.production) return
      for (const { kind, backup, path, elsewhere } of dataOf(context)) {
        if (kind !== 'postgres' || elsewhere || (backup && backupInterval(backup, kind, context))) continue
        yield {
          path: backup ? [...path, 'backup'] : path,
          message: 'expected a backup of a database in production, found none',
          hint: "add `backup: { schedule: '0 2 * * *', continuous: true }`",
        }
      }
    },
  }),
  warning({
    code: 'SW2105',
    title: 'Backup that shares the fate of its data',
    meaning: 'In production a backup is kept where the data are, so the loss of that machine takes both.',
    *check(context) {
      if (!context.production) return
      for (const { kind, backup, path } of dataOf(context)) {
        if (!backup || backup.remote.length > 0 || !backupInterval(backup, kind, context)) continue
        yield {
          path: [...path, 'backup', 'remote'],
          message: 'expected a remote copy of a backup in production, found none',
          hint: "add `remote: ['s3:bucket/path']` or `remote: ['sftp:host:/path']`",
        }
      }
    },
  }),
]

/** Time to restore a full volume at the measured rates, ms, rounded up to a minute. */
function restoreTime(size: number, physical: boolean): number {
  return Math.ceil(((size / (physical ? physicalRate : logicalRate)) * 1000) / 60_000) * 60_000
}
