import type { ProblemCode } from '@seaworthy/model'

/** Codes of the command line. */
export const problemCodes: readonly ProblemCode[] = [
  { code: 'SW9001', title: 'Unknown command', meaning: 'There is no such command. `seaworthy --help` lists them all.' },
  {
    code: 'SW9002',
    title: 'Wrong option',
    meaning: 'The command has no such option, or the option was given wrongly. `--help` behind the command lists them.',
  },
  { code: 'SW9003', title: 'Wrong argument', meaning: 'Too many arguments, or one that the command cannot use.' },
  {
    code: 'SW9010',
    title: 'No such environment',
    meaning: 'What was asked for needs an environment on Kubernetes, and the catalog has none.',
  },
  {
    code: 'SW9011',
    title: 'Nothing deployed',
    meaning: 'There is no deployment to go back to or to compare with; the namespace keeps the last five.',
  },
  {
    code: 'SW9012',
    title: 'Approval missing',
    meaning: 'The environment is deployed only when the people that it names have approved.',
  },
  {
    code: 'SW9009',
    title: 'Fault of Seaworthy',
    meaning: 'Something failed that should not: please report it with the stack, which SEAWORTHY_DEBUG=1 prints.',
  },
]
