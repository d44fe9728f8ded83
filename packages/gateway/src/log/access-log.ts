import { type FileHandle, open, rename, stat } from 'node:fs/promises'

/** Receives lines of the access log. */
export interface AccessLog {
  /** Takes one line, ended by a newline; never blocks and never throws. */
  write(line: string): void
  /** Writes what is waiting and closes. */
  close(): Promise<void>
}

/** An access log that keeps nothing. */
export const silentLog: AccessLog = { write() {}, close: () => Promise.resolve() }

/** How a {@link FileLog} writes. */
export interface FileLogOptions {
  /** ms between writes. */
  readonly everyMs?: number
  /** Bytes after which the file is renamed to `<path>.1` and a new one begun. */
  readonly maxBytes?: number
}

/** Appends lines to a file in batches; several workers may share the file, since each batch is one append of whole lines. */
export class FileLog implements AccessLog {
  readonly #path: string
  readonly #everyMs: number
  readonly #maxBytes: number
  #waiting = ''
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #file: FileHandle | undefined
  #checkedAt = 0
  /** Lines that could not be written, because the disk was full or too slow. */
  lost = 0

  constructor(path: string, options: FileLogOptions = {}) {
    this.#path = path
    this.#everyMs = options.everyMs ?? 100
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024
  }

  write(line: string): void {
    if (this.#waiting.length > 8 * 1024 * 1024) {
      this.lost++
      return
    }
    this.#waiting += line
    this.#timer ??= setTimeout(() => this.#flush(), this.#everyMs)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#waiting
    if (batch === '') return
    this.#waiting = ''
    this.#writing = this.#writing.then(() => this.#append(batch)).catch(() => this.#failed(batch))
  }

  async #append(batch: string): Promise<void> {
    const now = Date.now()
    if (this.#file === undefined || now - this.#checkedAt > 1_000) {
      this.#checkedAt = now
      await this.#reopen()
    }
    await this.#file?.write(batch, null, 'latin1')
  }

  /** Opens the file, again if it was renamed or removed, and begins a new one when it has grown too large. */
  async #reopen(): Promise<void> {
    const there = await stat(this.#path).catch(() => undefined)
    const mine = await this.#file?.stat()
    if (there !== undefined && there.size > this.#maxBytes) {
      await rename(this.#path, `${this.#path}.1`).catch(() => undefined)
    } else if (mine !== undefined && there?.ino === mine.ino) return
    await this.#file?.close()
    this.#file = await open(this.#path, 'a', 0o640)
  }

  #failed(batch: string): void {
    this.lost += batch.split('\n').length - 1
    this.#file = undefined
  }

  async close(): Promise<void> {
    this.#flush()
    await this.#writing
    await this.#file?.close()
    this.#file = undefined
  }
}
