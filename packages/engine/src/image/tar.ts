/** One header of a tar archive. */
export interface TarEntry {
  /** Relative path; folders end in `/`. */
  readonly name: string
  readonly kind: 'file' | 'directory' | 'symlink'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes of content; 0 for folders and links. */
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly target?: string
}

const block = 512
const typeFlags = { file: '0', directory: '5', symlink: '2' } as const

/**
 * The header blocks of one entry: POSIX.1-1988 `ustar`, preceded by a POSIX.1-2001 `pax` record where a name does not fit
 * (longer than 100 bytes, or not ASCII). Nothing of the machine enters: no user names, device numbers or access times.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const extended: string[] = []
  const name = fit(entry.name, 'path', extended)
  const target = fit(entry.target ?? '', 'linkpath', extended)
  if (entry.size > 0o77777777777) extended.push(paxRecord('size', String(entry.size)))
  const size = entry.size > 0o77777777777 ? 0 : entry.size
  const own = header({ ...entry, name, size }, typeFlags[entry.kind], target)
  if (extended.length === 0) return own
  const records = Buffer.from(extended.join(''), 'utf8')
  const pax = header(
    { ...entry, name: 'pax_header', kind: 'file', mode: 0o644, uid: 0, gid: 0, size: records.byteLength },
    'x',
    '',
  )
  return Buffer.concat([pax, records, tarPadding(records.byteLength), own])
}

/** The zero bytes that fill content of `size` bytes up to a whole block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block)
}

/** The two zero blocks that end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * block)
}

function header(entry: TarEntry, type: string, target: string): Buffer {
  const bytes = Buffer.alloc(block)
  bytes.write(entry.name, 0, 100, 'utf8')
  bytes.write(octal(entry.mode, 7), 100)
  bytes.write(octal(entry.uid, 7), 108)
  bytes.write(octal(entry.gid, 7), 116)
  bytes.write(octal(entry.size, 11), 124)
  bytes.write(octal(entry.mtime, 11), 136)
  bytes.write('        ', 148)
  bytes.write(type, 156)
  bytes.write(target, 157, 100, 'utf8')
  bytes.write('ustar\0', 257)
  bytes.write('00', 263)
  bytes.write(octal(0, 7), 329)
  bytes.write(octal(0, 7), 337)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${octal(sum, 6)}\0 `, 148)
  return bytes
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

function fit(value: string, key: string, extended: string[]): string {
  const plain = /^[\x20-\x7e]*$/.test(value)
  if (plain && value.length <= 100) return value
  extended.push(paxRecord(key, value))
  return Buffer.from(value, 'utf8')
    .subarray(0, 100)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '_')
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts its own digits. */
function paxRecord(key: string, value: string): string {
  const body = Buffer.byteLength(` ${key}=${value}\n`)
  let length = body + String(body).length
  if (body + String(length).length !== length) length = body + String(length).length
  return `${length} ${key}=${value}\n`
}
