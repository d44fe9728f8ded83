import type { SubjectKind } from '../subject.ts'
import { brokenServices } from './broken-service.ts'
import { direct } from './direct.ts'
import { drainingServices } from './draining-services.ts'
import { gateway } from './gateway.ts'
import { carefulProxy, lossyProxy } from './swapping-proxy.ts'

/** Everything that the harness can be pointed at; the first ones show that the harness itself tells right from wrong. */
export const subjects: readonly SubjectKind[] = [
  direct,
  carefulProxy,
  drainingServices,
  lossyProxy,
  ...brokenServices,
  gateway,
]
