/**
 * Names in package-lock.json the optional packages of platforms that a registry mirror did not have: without them
 * `npm ci` refuses the lockfile everywhere. `node scripts/complete-lockfile.ts` after `npm install`; a test says when it is due.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Entry {
  readonly version?: string
  readonly dev?: boolean
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A lockfile, as much of it as matters here. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, Entry>>
}

/** Where this repository's lockfile lies. */
export const lockfilePath: string = fileURLToPath(new URL('../package-lock.json', import.meta.url))

/** Optional packages that the lockfile does not name, with the package that wants them. */
export function missingOptional(
  lockfile: Lockfile,
): { readonly of: string; readonly name: string; readonly version: string }[] {
  return Object.entries(lockfile.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(
        ([name]) => !lockfile.packages[`node_modules/${name}`] && !lockfile.packages[`${path}/node_modules/${name}`],
      )
      .map(([name, version]) => ({ of: path, name, version })),
  )
}

/** The same lockfile with an entry for each, which npm installs on its own platform alone. Throws on a name that tells no platform. */
export function completed(lockfile: Lockfile): Lockfile {
  const added = missingOptional(lockfile).map(({ of, name, version }): [string, object] => {
    const [, os, rest] = /-(android|darwin|linux|win32|freebsd)-([a-z0-9]+(?:-musl|-gnu)?)$/.exec(name) ?? []
    if (os === undefined || rest === undefined)
      throw new Error(`${name} tells no platform: add it to package-lock.json by hand`)
    const { dev, license, engines } = lockfile.packages[of] ?? {}
    const libc = os === 'linux' ? { libc: [rest.endsWith('-musl') ? 'musl' : 'glibc'] } : {}
    return [
      `node_modules/${name}`,
      {
        version,
        cpu: [rest.replace(/-(musl|gnu)$/, '')],
        ...(dev && { dev }),
        ...libc,
        ...(license && { license }),
        optional: true,
        os: [os],
        ...(engines && { engines }),
      },
    ]
  })
  const packages = Object.entries({ ...lockfile.packages, ...Object.fromEntries(added) }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return { ...lockfile, packages: Object.fromEntries(packages) }
}

if (import.meta.main) {
  const lockfile = JSON.parse(readFileSync(lockfilePath, 'utf8')) as Lockfile
  const missing = missingOptional(lockfile)
  if (missing.length > 0) writeFileSync(lockfilePath, `${JSON.stringify(completed(lockfile), null, 2)}\n`)
  console.log(`package-lock.json: ${missing.length} platforms' packages added`)
}
