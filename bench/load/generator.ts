import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A load generator as a program. */
export interface Generator {
  readonly name: string
  /** The program and its arguments for a closed loop. */
  readonly closed: (url: string, connections: number, seconds: number) => readonly string[]
  /** The same at a constant rate, where it has such a mode. */
  readonly open?: (url: string, rate: number, seconds: number) => readonly string[]
  /** Requests completed, from its output. */
  readonly requests: (output: string) => number
  /** p99 in ms, from its output. */
  readonly p99: (output: string) => number
}

const client = join(import.meta.dirname, 'client.ts')
const number = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN)
const lastJson = (
  output: string,
): {
  readonly requests: { readonly answered: number }
  readonly latency: { readonly quantiles: readonly { readonly q: number; readonly value: number }[] }
} => JSON.parse(output.trim().split('\n').at(-1) ?? '')

/** Ours, in a process of its own. */
export const ours: Generator = {
  name: 'ours',
  closed: (url, connections, seconds) => [
    process.execPath,
    client,
    'closed',
    url,
    String(connections),
    String(seconds),
  ],
  open: (url, rate, seconds) => [process.execPath, client, 'open', url, String(rate), String(seconds)],
  requests: (output) => lastJson(output).requests.answered,
  p99: (output) => lastJson(output).latency.quantiles.find(({ q }) => q === 0.99)?.value ?? Number.NaN,
}

/** Those others that are installed. `autocannon` is the path of its `autocannon.js`, when given. */
export function installedPeers(autocannon: string | undefined): readonly Generator[] {
  const at = (name: string): string | undefined =>
    ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((folder) => join(folder, name)).find(existsSync)
  const [wrk, hey, ab] = [at('wrk'), at('hey'), at('ab')]
  const peers: Generator[] = []
  if (wrk !== undefined) {
    peers.push({
      name: 'wrk',
      closed: (url, connections, seconds) => [wrk, '-t1', `-c${connections}`, `-d${seconds}s`, url],
      requests: (output) => number(output, /(\d+) requests in/),
      p99: () => Number.NaN,
    })
  }
  if (ab !== undefined) {
    peers.push({
      name: 'ab',
      closed: (url, connections, seconds) => [ab, '-k', '-q', `-c${connections}`, `-t${seconds}`, '-n100000000', url],
      requests: (output) => number(output, /Complete requests:\s+(\d+)/),
      p99: () => Number.NaN,
    })
  }
  if (hey !== undefined) {
    peers.push({
      name: 'hey',
      closed: (url, connections, seconds) => [hey, '-cpus', '1', '-z', `${seconds}s`, '-c', String(connections), url],
      open: (url, rate, seconds) => [hey, '-z', `${seconds}s`, '-c', '10', '-q', String(rate / 10), url],
      requests: (output) => number(output, /\[200\]\s+(\d+) responses/),
      p99: (output) => number(output, /99% in ([\d.]+) secs/) * 1000,
    })
  }
  if (autocannon !== undefined) {
    const run = [process.execPath, autocannon, '--json']
    peers.push({
      name: 'autocannon',
      closed: (url, connections, seconds) => [...run, '-c', String(connections), '-d', String(seconds), url],
      open: (url, rate, seconds) => [...run, '-c', '10', '-R', String(rate), '-d', String(seconds), url],
      requests: (output) => number(output, /"2xx":(\d+)/),
      p99: (output) => number(output, /"p99":([\d.]+)/),
    })
  }
  return peers
}

/** What a program printed, and the processor time that it took with all its threads, s. */
export interface Finished {
  readonly output: string
  readonly cpuSeconds: number
}

/** Runs a program to its end under a shell that reports its processor time. Rejects when it fails. */
export function runProgram(words: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    // `times` prints the shell's own times and then those of its children, as 0m1.234s.
    const child = spawn('bash', ['-c', '"$@"; code=$?; times; exit $code', 'bash', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [output, errors] = ['', '']
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.on('close', (code) => {
      const lines = output.trimEnd().split('\n')
      const [user = '', system = ''] = (lines.at(-1) ?? '').split(' ')
      const seconds = (text: string): number => {
        const [minutes = '0', rest = '0'] = text.split('m')
        return Number(minutes) * 60 + Number.parseFloat(rest)
      }
      if (code !== 0) reject(new Error(`${words.join(' ')} ended with ${code}: ${errors.slice(0, 500)}`))
      else resolve({ output: lines.slice(0, -2).join('\n'), cpuSeconds: seconds(user) + seconds(system) })
    })
  })
}
