import { fileURLToPath } from 'node:url'
import type { Position } from './script.ts'

/** A place in a file from which a call was made. */
export interface Frame extends Position {
  /** Absolute path. */
  readonly file: string
}

/** The frames of a stack that lie in files, innermost first. */
export function framesOf(stack: string | undefined): readonly Frame[] {
  const frames: Frame[] = []
  for (const line of (stack ?? '').split('\n')) {
    const match = /(file:\/\/[^\s)]*?)(?:\?[^\s):]*)?:(\d+):(\d+)\)?$/.exec(line.trim())
    if (match?.[1]) frames.push({ file: pathOf(match[1]), line: Number(match[2]), column: Number(match[3]) })
  }
  return frames
}

/** The path of a file URL, without its query. */
export function pathOf(url: string): string {
  return fileURLToPath(url.replace(/\?.*$/, ''))
}
