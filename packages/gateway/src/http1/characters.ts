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

/** Names of fields that mean something to the gateway, as a quick test by length and first letter: false means certainly not. */
export class NameFilter {
  readonly #letters = new Uint32Array(64)

  constructor(names: readonly string[]) {
    for (const name of names) {
      this.#letters[name.length] = (this.#letters[name.length] ?? 0) | (1 << (name.charCodeAt(0) & 31))
    }
  }

  mayContain(length: number, firstByte: number): boolean {
    return length < 64 && ((this.#letters[length] as number) & (1 << (firstByte & 31))) !== 0
  }
}
