import { classOf, type NameTable, tokenBit, valueBit } from './characters.ts'
import { latin1 } from './latin1.ts'

const colon = 58
const cr = 13
const lf = 10

/** What a reader of field lines asks of its owner. */
export interface FieldSink {
  /** A field of the table of special names, its value without the spaces around it; true keeps the line, false takes it out, a string refuses. */
  field(name: string, value: string): boolean | string
}

/** Where reading stands after the bytes at hand. */
export type LinesState = 'more' | 'done' | 'bad' | 'too-many'

/** Without the spaces at both ends. Tabs stay: readers differ on them, so a field that decides anything may not have them. */
function trimBlanks(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && value.charCodeAt(start) === 32) start++
  while (end > start && value.charCodeAt(end - 1) === 32) end--
  return start === 0 && end === value.length ? value : value.slice(start, end)
}

/**
 * Reads field lines from bytes, strictly: `name: value CRLF` with a token for a name, no space before the colon, no line folding, no bare
 * CR or LF, no control characters. Ordinary lines are only validated and later copied as they stand.
 */
export class FieldLines {
  readonly #special: NameTable
  readonly #limit: number
  /** Start of the line being read. */
  #line = 0
  #count = 0
  /** Start of the run of kept lines, and the runs before it as pairs of offsets. */
  #run = 0
  readonly #runs: number[] = []
  #runCount = 0
  /** Whatever the sink said when it refused. */
  refusal = ''
  /** Offset behind the empty line that ends the section. */
  end = 0

  constructor(special: NameTable, limit: number) {
    this.#special = special
    this.#limit = limit
  }

  /** Begins a section at this offset. */
  begin(at: number): void {
    this.#line = at
    this.#run = at
    this.#count = 0
    this.#runCount = 0
  }

  /** Reads on; offsets are those of `bytes`, which must begin where the section's message began. */
  read(bytes: Buffer, sink: FieldSink): LinesState {
    const length = bytes.length
    let line = this.#line
    while (true) {
      let at = line
      while (at < length && ((classOf[bytes[at] as number] as number) & tokenBit) !== 0) at++
      if (at === length) return this.#wait(line)
      if (bytes[at] !== colon) {
        if (at !== line || bytes[at] !== cr) return 'bad'
        if (at + 1 === length) return this.#wait(line)
        if (bytes[at + 1] !== lf) return 'bad'
        if (line > this.#run) this.#keep(line)
        this.end = at + 2
        return 'done'
      }
      if (at === line) return 'bad'
      const nameEnd = at++
      while (at < length && ((classOf[bytes[at] as number] as number) & valueBit) !== 0) at++
      if (at + 1 >= length) {
        if (at < length && bytes[at] !== cr) return 'bad'
        return this.#wait(line)
      }
      if (bytes[at] !== cr || bytes[at + 1] !== lf) return 'bad'
      if (++this.#count > this.#limit) return 'too-many'
      const next = at + 2
      const name = this.#special.find(bytes, line, nameEnd)
      if (name !== undefined) {
        const kept = sink.field(name, trimBlanks(latin1(bytes, nameEnd + 1, at)))
        if (typeof kept === 'string') {
          this.refusal = kept
          return 'bad'
        }
        if (!kept) {
          if (line > this.#run) this.#keep(line)
          this.#run = next
        }
      }
      line = next
    }
  }

  #keep(end: number): void {
    this.#runs[this.#runCount++] = this.#run
    this.#runs[this.#runCount++] = end
  }

  #wait(line: number): LinesState {
    this.#line = line
    return 'more'
  }

  /** The kept lines as text. */
  block(bytes: Buffer): string {
    const runs = this.#runs
    let text = ''
    for (let i = 0; i < this.#runCount; i += 2) text += latin1(bytes, runs[i] as number, runs[i + 1] as number)
    return text
  }
}
