import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Tool } from './tool.ts'

/** Where built programs are kept between runs: `$SEAWORTHY_TOOLS`, else `$XDG_CACHE_HOME/seaworthy/tools`, else under `~/.cache`. */
export function toolCache(env: NodeJS.ProcessEnv = process.env): string {
  return env.SEAWORTHY_TOOLS || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'seaworthy', 'tools')
}

/** The folder of a module, beside this file. */
export function toolFolder(module: Tool['module']): string {
  return join(import.meta.dirname, module)
}

/** Flags of `go build` for a tool. */
export function buildFlags(tool: Tool): readonly string[] {
  const variables = Object.entries(tool.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`)
  return ['-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...variables].join(' ')]
}

/**
 * Where a tool's program lies once built. The path names everything that its bytes depend on (the pinned modules, the
 * flags, our own source, the compiler), so a changed version is another file and nothing old is ever mistaken for it.
 */
export function toolPath(tool: Tool, goVersion: string, cache: string = toolCache()): string {
  const folder = toolFolder(tool.module)
  const hash = createHash('sha256').update(JSON.stringify([goVersion, tool, buildFlags(tool)]))
  const sources = { kit: ['go.mod', 'go.sum', 'coredns/main.go'], pause: ['go.mod', 'main.go'] }
  const files = tool.module === 'kit' || tool.module === 'pause' ? sources[tool.module] : ['go.mod', 'go.sum']
  for (const file of files) hash.update(readFileSync(join(folder, file)))
  return join(cache, `${tool.name}-${hash.digest('hex').slice(0, 16)}`, tool.name)
}
