import { type DockerfileFacts, readDockerfile } from './dockerfile/read-dockerfile.ts'
import { type PackageFacts, readPackage } from './node/package-facts.ts'
import { pathFrom, type SourceFiles } from './source-files.ts'

/** What a program's folder says of it. */
export interface FolderFacts {
  readonly folder: string
  readonly dockerfile?: DockerfileFacts
  readonly package?: PackageFacts
}

/** Reads the Dockerfile and the package.json of a folder, those that are there. */
export function readFolder(
  files: SourceFiles,
  folder: string,
  options: {
    readonly dockerfile?: string | undefined
    readonly target?: string | undefined
    readonly args?: Readonly<Record<string, string>>
  } = {},
): FolderFacts {
  const path = pathFrom(folder, options.dockerfile ?? 'Dockerfile')
  const text = files.read(path)
  const dockerfile = text === undefined ? undefined : readDockerfile(text, path, options.target, options.args)
  const facts = readPackage(files, folder)
  return { folder, ...(dockerfile && { dockerfile }), ...(facts && { package: facts }) }
}

/** Programs that run as well outside of the image as in it, given that they are installed. */
const portable =
  /^(node|npm|npx|yarn|pnpm|bun|deno|python3?|gunicorn|uvicorn|flask|celery|uv|poetry|ruby|bundle|rails|puma|java|php|go|dotnet|sh|bash|sleep)$/

/**
 * The command of a program as it is started in its folder: paths below the image's working directory are made relative.
 * Undefined when it only exists inside the image.
 */
export function localCommand(words: readonly string[], workdir: string | undefined): readonly string[] | undefined {
  const [entry = ''] = words
  const unwrapped = /(^|\/)(docker-entrypoint\.sh|tini|dumb-init)$/.test(entry)
    ? words.slice(words[1] === '--' ? 2 : 1)
    : words
  const [program = ''] = unwrapped
  if (!portable.test(program)) return undefined
  const prefix = workdir && workdir !== '/' ? `${workdir.replace(/\/$/, '')}/` : undefined
  const local = unwrapped.map((word) => (prefix && word.startsWith(prefix) ? word.slice(prefix.length) : word))
  return local.some((word) => word.startsWith('/')) ? undefined : local
}
