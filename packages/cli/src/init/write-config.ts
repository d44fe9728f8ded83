import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogNames, Problem } from '@seaworthy/model'
import type { Io } from '../io.ts'

/** The name of the config that is written. */
export const configName = 'seaworthy.config.mts'

/** What became of the config: written anew, written over another one, found to be the same, or left as it was. */
export type Written = 'written' | 'overwritten' | 'unchanged' | 'kept'

/**
 * Writes the config of a folder. One that is there and differs is kept unless \`force\` or the person says otherwise;
 * throws SW1046 when nobody is there to ask.
 */
export async function writeConfig(folder: string, text: string, force: boolean, io: Io): Promise<Written> {
  const path = join(folder, configName)
  const other = catalogNames.find((name) => name !== configName && existsSync(join(folder, name)))
  if (other !== undefined)
    throw new Problem({
      code: 'SW1046',
      message: `${other} is the catalog of this folder already`,
      where: { file: other },
      hint: 'work on that one, or take it away first; --print shows what would be written',
    })
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  if (before === text) return 'unchanged'
  if (before !== undefined && !force) {
    if (!io.interactive)
      throw new Problem({
        code: 'SW1046',
        message: `${configName} is there already and differs from what would be written`,
        where: { file: configName, line: firstDifference(before, text) },
        hint: 'it was not touched; --print shows what would be written, --force writes it',
      })
    const question = `${configName} is there already and differs from line ${firstDifference(before, text)} on. Write over it?`
    if (!(await io.confirm(question))) return 'kept'
  }
  const draft = `${path}.${process.pid}.new`
  writeFileSync(draft, text)
  renameSync(draft, path)
  return before === undefined ? 'written' : 'overwritten'
}

/** The first line, from 1, that is not the same in both. */
function firstDifference(before: string, after: string): number {
  const lines = after.split('\n')
  const index = before.split('\n').findIndex((line, at) => line !== lines[at])
  return index < 0 ? lines.length : index + 1
}
