import { Problem, type ProblemCode, type ProblemDetails } from '@seaworthy/model'

/** What can go wrong with the test cluster itself. */
export const clusterProblemCodes: readonly (ProblemCode & { readonly code: ClusterProblemCode })[] = [
  {
    code: 'SWC001',
    title: 'a command failed',
    meaning: 'A program that the rig ran ended with an error, shown with it.',
  },
  {
    code: 'SWC002',
    title: 'a tool could not be built',
    meaning: 'Go could not fetch or compile one of the cluster tools. The message ends with what Go said.',
  },
  {
    code: 'SWC003',
    title: 'the machine cannot run a cluster',
    meaning: 'Linux, root, Go and a few Debian packages are needed, or a disposable cluster through KUBECONFIG.',
  },
  {
    code: 'SWC004',
    title: 'a part of the cluster did not become ready',
    meaning: 'The wait ended; the log named in the message says why.',
  },
  {
    code: 'SWC005',
    title: 'this cluster cannot do that',
    meaning: 'A cluster of your own gives no hold on its nodes, so faults and image imports are not possible there.',
  },
]

/** The codes of the rig. */
export type ClusterProblemCode = 'SWC001' | 'SWC002' | 'SWC003' | 'SWC004' | 'SWC005'

/** A problem of the rig, with its code checked by the compiler. */
export function clusterProblem(details: Omit<ProblemDetails, 'code'> & { readonly code: ClusterProblemCode }): Problem {
  return new Problem(details)
}
