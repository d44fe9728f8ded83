import { type FileHandle, open, rename, stat } from 'node:fs/promises'

/** Receives lines of the access log. */
export interface AccessLog {
  /** Takes one line, ended by a newline; never blocks and never throws. */
  write(line: string): void
  /** Writes what is waiting and closes. */
  close(): Promise<void>
}

const pageBytes = 65_536
/** Pages that wait for the disk, at most; lines beyond are counted as lost. */
const waitingPages = 128

/** Node's own fast path behind `write(text, 'latin1')`. */
type Latin1Buffer = Buffer & { latin1Write(text: string, offset: number): number }

/** An access log that keeps nothing. */
export const silentLog: AccessLog = { write() {}, close: () => Promise.resolve() }

/** How a {@link FileLog} writes. */
export interface FileLogOptions {
  /** ms between writes. */
  readonly everyMs?: number
  /** ms between looks whether the file was moved or has grown too large. */
  readonly checkMs?: number
  /** Bytes after which the file is renamed to `<path>.1` and a new one begun. */
  readonly maxBytes?: number
}

/** Appends lines to a file in batches; several workers may share the file, since each batch is one append of whole lines. */
export class FileLog implements AccessLog {
  readonly #path: string
  readonly #everyMs: number
  readonly #maxBytes: number
  readonly #checkMs: number
  #waiting: Buffer[] = []
  #page: Buffer = Buffer.allocUnsafe(pageBytes)
  #used = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #file: FileHandle | undefined
  #checkedAt = 0
  /** Lines that could not be written, because the disk was full or too slow. */
  lost = 0

  constructor(path: string, options: FileLogOptions = {}) {
    this.#path = path
    this.#everyMs = options.everyMs ?? 100
    this.#checkMs = options.checkMs ?? 1_000
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024
  }

  write(line: string): void {
    if (line.length > pageBytes - this.#used) this.#turnPage()
    if (this.#waiting.length > waitingPages) {
      this.lost++
      return
    }
    this.#used += (this.#page as Latin1Buffer).latin1Write(line, this.#used)
    this.#timer ??= setTimeout(() => this.#flush(), this.#everyMs)
  }

  /** Only whole lines stand on a page, so that each write is one of whole lines. */
  #turnPage(): void {
    if (this.#used > 0) this.#waiting.push(this.#page.subarray(0, this.#used))
    this.#page = Buffer.allocUnsafe(pageBytes)
    this.#used = 0
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#turnPage()
    const pages = this.#waiting
    this.#waiting = []
    for (const page of pages)
      this.#writing = this.#writing.then(() => this.#append(page)).catch(() => this.#failed(page))
  }

  async #append(page: Buffer): Promise<void> {
    const now = Date.now()
    if (this.#file === undefined || now - this.#checkedAt >= this.#checkMs) {
      this.#checkedAt = now
      await this.#reopen()
    }
    await this.#file?.write(page)
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

  #failed(page: Buffer): void {
    for (const byte of page) if (byte === 10) this.lost++
    this.#file = undefined
  }

  async close(): Promise<void> {
    this.#flush()
    await this.#writing
    await this.#file?.close()
    this.#file = undefined
  }
}
