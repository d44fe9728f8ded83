/**
 * Runs one benchmark: `npm run bench -- NAME [--json] [--short] [--check] [--option value]`. Without a name it lists them.
 * `--json` prints one object `{name, unit, ours, peers, ratio, n, machine, ...}`; `--check` exits 1 when a target was missed.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bench, BenchOptions } from './harness/result.ts'
import { formatResult } from './harness/table.ts'

/** The benchmarks that there are: each file of this folder but this one. */
export function benchNames(directory: string = import.meta.dirname): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

/** Reads the command line after the name: `--name value`, or `--name` alone, which reads as `true`. */
export function parseArguments(words: readonly string[]): {
  readonly name: string | undefined
  readonly args: Record<string, string>
} {
  let name: string | undefined
  const args: Record<string, string> = {}
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (!word.startsWith('--')) {
      name ??= word
      continue
    }
    const [key = '', inline] = word.slice(2).split('=', 2)
    const next = words[index + 1]
    const flag = ['json', 'short', 'check'].includes(key)
    if (inline !== undefined) args[key] = inline
    else if (flag || next === undefined || next.startsWith('--')) args[key] = 'true'
    else {
      args[key] = next
      index += 1
    }
  }
  return { name, args }
}

async function main(): Promise<number> {
  const { name, args } = parseArguments(process.argv.slice(2))
  const names = benchNames()
  if (name === undefined || !names.includes(name)) {
    const wrong = name === undefined ? '' : `There is no benchmark "${name}". `
    console.error(
      `${wrong}Usage: npm run bench -- NAME [--json] [--short] [--check]\nBenchmarks: ${names.join(', ') || '(none yet)'}`,
    )
    return name === undefined ? 0 : 2
  }
  const { json, short, check, ...rest } = args
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const options: BenchOptions = { short: short !== undefined, args: rest, say }
  const bench = (await import(pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href)) as Bench
  const result = await bench.run(options)
  console.log(json === undefined ? formatResult(result) : JSON.stringify(result))
  return check !== undefined && result.targets?.some((target) => !target.met) ? 1 : 0
}

if (import.meta.main) process.exitCode = await main()
