/** Classes of bytes in a message head, as bits of {@link classOf}. */
export const tokenBit = 1
export const valueBit = 2
export const targetBit = 4
export const hexBit = 8

/** The classes of each byte: token characters, bytes of a field value, bytes of a request target, hexadecimal digits. */
export const classOf: Uint8Array = makeClasses()

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(256)
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte)
    let bits = 0
    if (/[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(character)) bits |= tokenBit
    if (byte === 9 || (byte >= 0x20 && byte !== 0x7f)) bits |= valueBit
    if (byte > 0x20 && byte < 0x7f && character !== '#') bits |= targetBit
    if (/[0-9A-Fa-f]/.test(character)) bits |= hexBit
    classes[byte] = bits
  }
  return classes
}

/** Field names that mean something to a reader, found among bytes without making strings of the others. */
export class NameTable {
  /** By length × 32 + the letter's place in the alphabet: names with their bytes. */
  readonly #byShape: ({ readonly name: string; readonly bytes: Uint8Array }[] | undefined)[] = []

  /** `names` in lower case. */
  constructor(names: readonly string[]) {
    for (let shape = 0; shape < 64 * 32; shape++) this.#byShape.push(undefined)
    for (const name of names) {
      const shape = name.length * 32 + (name.charCodeAt(0) & 31)
      const list = this.#byShape[shape] ?? []
      list.push({ name, bytes: Buffer.from(name, 'latin1') })
      this.#byShape[shape] = list
    }
  }

  /** The name that stands in these bytes, in whatever case; `undefined` when it is none of the table. Bytes must be token characters. */
  find(bytes: Buffer, start: number, end: number): string | undefined {
    const length = end - start
    if (length > 63) return undefined
    const list = this.#byShape[length * 32 + ((bytes[start] as number) & 31)]
    if (list === undefined) return undefined
    for (const { name, bytes: wanted } of list) {
      let i = 0
      // Setting bit 5 makes letters lower-case, and leaves hyphens and digits as they are.
      while (i < length && ((bytes[start + i] as number) | 32) === wanted[i]) i++
      if (i === length) return name
    }
    return undefined
  }
}
