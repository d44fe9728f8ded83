import type { ProblemCode } from '@seaworthy/model'
import { verdictProblems } from './verdict/index.ts'

/** Codes of releases and their verdict. */
export const releaseProblems: readonly ProblemCode[] = [
  {
    code: 'SW7001',
    title: 'no such service',
    meaning: 'The fleet has no service of that name; the hint lists those that it has.',
  },
  {
    code: 'SW7002',
    title: 'nothing to release beside',
    meaning: 'A release replaces a running version. Start the fleet first.',
  },
  {
    code: 'SW7003',
    title: 'version is there already',
    meaning: 'Two versions of a service can’t share a name. Name the new one otherwise.',
  },
  {
    code: 'SW7005',
    title: 'release under way',
    meaning: 'A service has one release at a time. Wait for it, or abort it.',
  },
  { code: 'SW7006', title: 'releases are frozen', meaning: 'The environment declares a freeze that holds now.' },
  {
    code: 'SW7007',
    title: 'no such release',
    meaning: 'Neither a release nor a service with a release has that name.',
  },
  {
    code: 'SW7008',
    title: 'verb means nothing here',
    meaning: 'The release stands where this verb has no meaning; its transition table says which do.',
  },
  {
    code: 'SW7009',
    title: 'not an approver',
    meaning: 'The catalog names who may approve; this person is not among them.',
  },
  {
    code: 'SW7010',
    title: 'no order for a fleet release',
    meaning: 'Members and waves must name every service once, and members may not need each other in a circle.',
  },
  ...verdictProblems,
]
