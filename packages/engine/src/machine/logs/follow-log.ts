import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { mask } from './log-file.ts'

/** Reads what is added to a log, whole lines at a time; goes on when the log was truncated or put aside. */
export class LogFollower {
  readonly #file: string
  #offset: number
  #rest = ''

  /** `from` is the byte to begin at; the end when absent. */
  constructor(file: string, from?: number) {
    this.#file = file
    this.#offset = from ?? sizeOf(file)
  }

  /** The lines that came since the last call, secrets masked. At most 1 MiB at once. */
  next(masks: readonly string[]): readonly string[] {
    let handle: number
    try {
      handle = openSync(this.#file, 'r')
    } catch {
      return []
    }
    try {
      const { size } = fstatSync(handle)
      if (size < this.#offset) this.#offset = 0
      const length = Math.min(size - this.#offset, 2 ** 20)
      if (length <= 0) return []
      const buffer = Buffer.alloc(length)
      readSync(handle, buffer, 0, length, this.#offset)
      this.#offset += length
      const lines = (this.#rest + buffer.toString('utf8')).split('\n')
      this.#rest = lines.pop() ?? ''
      return lines.map((line) => mask(line, masks))
    } finally {
      closeSync(handle)
    }
  }
}

function sizeOf(file: string): number {
  try {
    const handle = openSync(file, 'r')
    try {
      return fstatSync(handle).size
    } finally {
      closeSync(handle)
    }
  } catch {
    return 0
  }
}
