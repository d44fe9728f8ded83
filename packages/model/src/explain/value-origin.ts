import type { PathStep } from '../catalog-path.ts'
import { isPlainObject } from '../json-value.ts'

/** Where a value in force comes from. */
export type ValueOrigin =
  /** Nobody wrote it: the catalog's default. */
  | { readonly kind: 'default' }
  /** Nobody wrote it, but it follows from something that is written; `from` says from what. */
  | { readonly kind: 'derived'; readonly from: string }
  /** Written in the part itself. */
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  /** Written in the part's overlay for this environment. */
  | { readonly kind: 'overlay'; readonly environment: string; readonly file: string; readonly line: number }
  /** A variable that the environment gives to all. */
  | { readonly kind: 'environment'; readonly environment: string; readonly file: string; readonly line: number }

/** The layers that one part was written in, short forms written out. */
export interface Layers {
  readonly base: unknown
  readonly overlay: unknown
  /** The environment's variables. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** A layer, and the value as it is written in it. */
export interface LayerValue {
  readonly layer: 'overlay' | 'base' | 'variables'
  readonly written: unknown
}

/** The layer in which the value at a path of the part is written; undefined when none has it. */
export function layerOf(layers: Layers, steps: readonly PathStep[]): LayerValue | undefined {
  let { base, overlay }: { base: unknown; overlay: unknown } = layers
  for (const step of steps) {
    // What is no object replaces what it overlays, with everything in it.
    if (overlay === null) return { layer: 'overlay', written: undefined }
    if (overlay !== undefined && !isPlainObject(overlay)) base = undefined
    overlay = below(overlay, step)
    base = below(base, step)
    if (overlay === undefined && base === undefined) {
      const variable = String(steps[1])
      return steps[0] === 'env' && steps.length > 1 && variable in layers.variables
        ? { layer: 'variables', written: layers.variables[variable] }
        : undefined
    }
  }
  return overlay !== undefined ? { layer: 'overlay', written: overlay } : { layer: 'base', written: base }
}

function below(value: unknown, step: PathStep): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? (value[step] as unknown) : undefined
  return isPlainObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}
