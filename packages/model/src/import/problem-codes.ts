import type { ProblemCode } from '../problem.ts'

/** Codes of reading what others wrote: Compose files, manifests, Dockerfiles, env files. */
export const importProblemCodes: readonly ProblemCode[] = [
  {
    code: 'SW1041',
    title: 'File cannot be read',
    meaning: 'A file is not what its name says: it is no YAML, no JSON, or its top is of the wrong kind.',
  },
  {
    code: 'SW1042',
    title: 'File is missing',
    meaning: 'Another file names a file that is not there: by `include`, `extends`, `env_file` or COMPOSE_FILE.',
  },
  {
    code: 'SW1043',
    title: 'Service to extend is missing',
    meaning: '`extends` names a service that its file does not have, or services extend each other in a circle.',
  },
  {
    code: 'SW1044',
    title: 'Invalid variable',
    meaning:
      'A dollar sign begins something that is not a variable as Compose understands it. One that is meant is written `$$`.',
  },
  {
    code: 'SW1045',
    title: 'Nothing to import',
    meaning: 'The folder has none of the files that this reader knows.',
  },
  {
    code: 'SW1046',
    title: 'Config exists and differs',
    meaning: 'A config of that name is there and is not what would be written. Nothing was overwritten.',
  },
]
