import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { command } from '../host/command.ts'
import { clusterProblem } from '../problem-codes.ts'
import { buildFlags, toolCache, toolFolder, toolPath } from './cache.ts'
import { forgetOldTools } from './old-tools.ts'
import { lineProgress, type Progress } from './progress.ts'
import { type Tool, type ToolName, tools } from './tool.ts'

/** Where the programs lie, by name. */
export type ToolPaths = Readonly<Record<ToolName, string>>

/** The Go compiler's version, such as `go1.26.8`. Throws SWC001 when there is no Go. */
export async function goVersion(): Promise<string> {
  return (await command('go', ['env', 'GOVERSION'], { env: goEnvironment() })).trim()
}

/** Paths of the named tools, built or not. */
export function pathsOf(names: readonly ToolName[], version: string, cache: string = toolCache()): Partial<ToolPaths> {
  return Object.fromEntries(
    tools.filter(({ name }) => names.includes(name)).map((tool) => [tool.name, toolPath(tool, version, cache)]),
  )
}

/** The named tools that are not in the cache yet. */
export function missingTools(
  names: readonly ToolName[],
  version: string,
  cache: string = toolCache(),
): readonly Tool[] {
  return tools.filter((tool) => names.includes(tool.name) && !existsSync(toolPath(tool, version, cache)))
}

/** How tools are built. */
export interface BuildOptions {
  readonly progress?: Progress
  readonly cache?: string
  /** Ends the build; what was compiled until then need not be compiled again. */
  readonly signal?: AbortSignal
}

/**
 * Builds what is missing, one program after the other. It may be interrupted at any point: finished programs stay, and Go
 * keeps what it compiled of the others. Any number of processes may build at once: the kernel's file lock lets one of them
 * work on a program and the others find it. Throws SWC002.
 */
export async function buildTools(names: readonly ToolName[], options: BuildOptions = {}): Promise<Partial<ToolPaths>> {
  const { progress = lineProgress(), cache = toolCache(), signal } = options
  const version = await goVersion()
  const missing = missingTools(names, version, cache)
  for (const [index, tool] of missing.entries()) {
    progress.begin(`building ${tool.name} (${index + 1} of ${missing.length})`)
    await build(tool, toolPath(tool, version, cache), progress, signal)
    progress.end()
  }
  const paths = pathsOf(names, version, cache)
  forgetOldTools(cache, Object.values(paths))
  return paths
}

async function build(tool: Tool, target: string, progress: Progress, signal: AbortSignal | undefined): Promise<void> {
  mkdirSync(dirname(target), { recursive: true })
  const draft = `${target}.${process.pid}.draft`
  // The lock is dropped by the kernel when its holder ends, however it ends; `go build` puts its result in place only whole.
  const script =
    'test -x "$1" && exit 0; target=$1; draft=$2; shift 2; "$@" && mv "$draft" "$target"; s=$?; rm -f "$draft"; exit $s'
  const go = ['go', 'build', '-v', ...buildFlags(tool), '-o', draft, tool.package]
  const child = spawn('flock', [`${target}.lock`, 'sh', '-c', script, 'sh', target, draft, ...go], {
    cwd: toolFolder(tool.module),
    env: goEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that an interruption reaches the compiler too.
    detached: true,
  })
  const stop = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8')
    said = (said + text).slice(-4000)
    // With -v Go names each package as it is compiled, one a line.
    progress.step(text.split('\n').filter((line) => /^[\w./-]+$/.test(line)).length)
  })
  const status = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 143))
  })
  process.off('SIGTERM', stop)
  process.off('SIGINT', stop)
  signal?.removeEventListener('abort', stop)
  if (status === 0) return
  throw clusterProblem({
    code: 'SWC002',
    message: `Building ${tool.name} ended with ${status}:\n${said.split('\n').slice(-12).join('\n')}`,
    where: { file: toolFolder(tool.module) },
    hint: 'A module proxy must be reachable for the first build (see `go env GOPROXY`). Run the same command again to go on.',
  })
}

function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly', GOWORK: 'off' }
}
