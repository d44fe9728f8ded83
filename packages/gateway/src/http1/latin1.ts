/** Bytes `start` to `end` as a string with one character for each byte. Node's own fast path behind `toString('latin1')`. */
export function latin1(buffer: Buffer, start: number, end: number): string {
  return (buffer as Buffer & { latin1Slice(start: number, end: number): string }).latin1Slice(start, end)
}
