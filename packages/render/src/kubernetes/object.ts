import type { Json } from '@seaworthy/model'

/** Any Kubernetes object that we write: plain data. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** `apps/v1/Deployment/shop/api`: what an object is called in messages and compared by. */
export function objectId(object: KubernetesObject): string {
  return [object.apiVersion, object.kind, object.metadata.namespace ?? '-', object.metadata.name].join('/')
}

/** The object without undefined fields and empty maps that nobody asked for, as JSON would carry it. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Applies a JSON merge patch (RFC 7396). */
export function mergePatch(target: Json, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const base =
    target !== null && typeof target === 'object' && !Array.isArray(target)
      ? { ...(target as Record<string, Json>) }
      : {}
  for (const [key, value] of Object.entries(patch as Record<string, Json>)) {
    if (value === null) delete base[key]
    else base[key] = mergePatch(base[key] ?? null, value)
  }
  return base
}
