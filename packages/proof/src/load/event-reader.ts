/** Reads server-sent events (WHATWG HTML §9.2.6) from pieces of text: whole events only, with the id in force. */
export class EventReader {
  /** The last id that an event carried; empty before. */
  lastId = ''
  readonly #onEvent: (id: string, data: string, type: string) => void
  #text = ''
  #data: string[] = []
  #type = ''
  #nextId = ''

  constructor(onEvent: (id: string, data: string, type: string) => void) {
    this.#onEvent = onEvent
  }

  /** Takes the next piece. Events of another type than `message` are not reported unless they carry data. */
  read(piece: string): void {
    this.#text += piece
    for (;;) {
      const end = this.#text.search(/\r\n|\n|\r(?=[^\n])/)
      if (end < 0) return
      const line = this.#text.slice(0, end)
      this.#text = this.#text.slice(end + (this.#text.startsWith('\r\n', end) ? 2 : 1))
      this.#line(line)
    }
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#type = value
    else if (field === 'id' && !value.includes('\0')) this.#nextId = value
  }

  #dispatch(): void {
    const [data, type] = [this.#data, this.#type]
    this.#data = []
    this.#type = ''
    this.lastId = this.#nextId
    if (data.length > 0) this.#onEvent(this.lastId, data.join('\n'), type === '' ? 'message' : type)
  }
}
