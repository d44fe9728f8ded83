import type { Fleet } from '@seaworthy/model'

/** One difference between what runs and what is wanted. */
export type PlanAction =
  | { readonly kind: 'create-resource'; readonly resource: string; readonly type: ResourceType }
  | {
      readonly kind: 'change-resource'
      readonly resource: string
      readonly type: ResourceType
      readonly fields: readonly string[]
    }
  /** The process or object goes, its data stay. */
  | { readonly kind: 'remove-resource'; readonly resource: string; readonly type: ResourceType }
  | { readonly kind: 'run-job'; readonly job: string; readonly key: string }
  | { readonly kind: 'schedule-job'; readonly job: string; readonly schedule: string }
  | { readonly kind: 'unschedule-job'; readonly job: string }
  | { readonly kind: 'create-service'; readonly service: string; readonly version: string; readonly replicas: number }
  /** What is started changed; `fields` are the catalog's, such as `run` or `env.LOG_LEVEL`. */
  | {
      readonly kind: 'replace-service'
      readonly service: string
      readonly from: string
      readonly to: string
      readonly fields: readonly string[]
    }
  /** A replacement that is under way or stuck is undone: what runs now is what is wanted. */
  | { readonly kind: 'abandon-replacement'; readonly service: string; readonly version: string }
  | { readonly kind: 'scale-service'; readonly service: string; readonly from: number; readonly to: number }
  /** Probes, routes, limits of the gateway, stop contract: taken over without a restart. */
  | { readonly kind: 'configure-service'; readonly service: string; readonly fields: readonly string[] }
  | { readonly kind: 'remove-service'; readonly service: string }

/** What stands under services and is not one. */
export type ResourceType = 'postgres' | 'redis' | 'volume' | 'external'

/** The way from what is observed to a fleet: data, without effect until it is applied. */
export interface Plan {
  readonly kind: 'plan'
  /** The fleet to get to. */
  readonly fleet: Fleet
  /** sha256 of its canonical JSON, lower-case hex. */
  readonly identity: string
  /** In the order in which they are begun; empty when nothing differs. */
  readonly actions: readonly PlanAction[]
  /** What happens to changed services that already run: replaced one by one, or kept for the caller to release. */
  readonly replacement: 'rolling' | 'keep'
}
