import type { ProblemCode } from '@seaworthy/model'

/** Codes of the Kubernetes engine, part of the engine's table. */
export const kubernetesProblemCodes: readonly ProblemCode[] = [
  {
    code: 'SW4040',
    title: 'no access to a cluster',
    meaning: 'The kubeconfig, or the context in it, is missing or incomplete.',
  },
  {
    code: 'SW4041',
    title: 'fields belong to others',
    meaning:
      'Another field manager owns fields that the catalog sets too (server-side apply). Leave them to it, or take them with force.',
  },
  {
    code: 'SW4042',
    title: 'changed at the same time',
    meaning: 'Somebody else changed the object between reading and writing. Saying it again is safe.',
  },
  { code: 'SW4043', title: 'API server does not answer', meaning: 'Nothing answers at the address of the kubeconfig.' },
  {
    code: 'SW4044',
    title: 'not allowed',
    meaning: 'The account lacks a permission; the message names it. The rendered roles hold exactly what is needed.',
  },
  {
    code: 'SW4045',
    title: 'quota exceeded',
    meaning: 'The namespace may not take more. Ask for less or raise the quota of the environment.',
  },
  {
    code: 'SW4046',
    title: 'object refused',
    meaning: 'The API server or an admission controller refuses a rendered object.',
  },
  { code: 'SW4047', title: 'API server failed', meaning: 'The API server answered with an error of its own.' },
  {
    code: 'SW4048',
    title: 'kind unknown to the cluster',
    meaning:
      'The cluster lacks a definition (Gateway API, KEDA, External Secrets, Prometheus operator ...). Install it or choose another in the environment.',
  },
]
