import { open } from 'node:fs/promises'
import type { Architecture } from './image-config.ts'
import { imageProblem } from './problem-codes.ts'

/** What the dynamic loader would read of an executable or library. */
export interface ElfFacts {
  readonly architecture: Architecture
  /** The loader, such as `/lib64/ld-linux-x86-64.so.2`; absent in libraries and static executables. */
  readonly interpreter: string | undefined
  /** DT_NEEDED: names of libraries, in order. */
  readonly needed: readonly string[]
  /** DT_RUNPATH, or DT_RPATH where there is none: folders, `$ORIGIN` not yet replaced. */
  readonly runPath: readonly string[]
}

const machines: Readonly<Record<number, Architecture>> = { 62: 'amd64', 183: 'arm64' }
const segment = { load: 1, dynamic: 2, interpreter: 3 }
const tag = { end: 0n, needed: 1n, strings: 5n, rpath: 15n, runpath: 29n }

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: bigint
  readonly size: number
}

/**
 * Reads the dynamic section (System V ABI, chapter 5) without running anything, so that another platform's binary can be
 * packed too. Throws SW6704 when the file is no 64-bit little-endian ELF of a known machine, SW6701 when it cannot be read.
 */
export async function readElf(path: string): Promise<ElfFacts> {
  await using file = await open(path).catch((cause) => {
    throw imageProblem({ code: 'SW6701', message: `Cannot read ${path}.`, where: { file: path }, cause })
  })
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }
  const head = await read(0, 64)
  const architecture = head.length === 64 ? machines[head.readUInt16LE(18)] : undefined
  if (head.toString('latin1', 0, 4) !== '\x7fELF' || head[4] !== 2 || head[5] !== 1 || !architecture) {
    throw imageProblem({
      code: 'SW6704',
      message: `Expected a 64-bit Linux executable for amd64 or arm64, found something else in ${path}.`,
      where: { file: path },
    })
  }
  const segments = await readSegments(head, read)
  const interpreter = segments.find(({ type }) => type === segment.interpreter)
  const dynamic = segments.find(({ type }) => type === segment.dynamic)
  const names = dynamic ? await readDynamic(dynamic, segments, read) : { needed: [], runPath: [] }
  return {
    architecture,
    interpreter: interpreter && cString(await read(interpreter.offset, interpreter.size), 0),
    ...names,
  }
}

type Read = (offset: number, length: number) => Promise<Buffer>

async function readSegments(head: Buffer, read: Read): Promise<Segment[]> {
  const entrySize = head.readUInt16LE(54)
  const count = head.readUInt16LE(56)
  const table = await read(Number(head.readBigUInt64LE(32)), entrySize * count)
  return Array.from({ length: count }, (_, index) => {
    const at = index * entrySize
    return {
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: table.readBigUInt64LE(at + 16),
      size: Number(table.readBigUInt64LE(at + 32)),
    }
  })
}

async function readDynamic(
  dynamic: Segment,
  segments: readonly Segment[],
  read: Read,
): Promise<Pick<ElfFacts, 'needed' | 'runPath'>> {
  const table = await read(dynamic.offset, dynamic.size)
  const entries: [bigint, bigint][] = []
  for (let at = 0; at + 16 <= table.length; at += 16) {
    const key = table.readBigUInt64LE(at)
    if (key === tag.end) break
    entries.push([key, table.readBigUInt64LE(at + 8)])
  }
  const address = entries.find(([key]) => key === tag.strings)?.[1] ?? 0n
  const home = segments.find(
    ({ type, address: start, size }) => type === segment.load && start <= address && address < start + BigInt(size),
  )
  if (!home) return { needed: [], runPath: [] }
  const within = Number(address - home.address)
  const strings = await read(home.offset + within, home.size - within)
  const all = (wanted: bigint): string[] =>
    entries.filter(([key]) => key === wanted).map(([, value]) => cString(strings, Number(value)))
  const runPath = all(tag.runpath)
  return {
    needed: all(tag.needed),
    runPath: (runPath.length > 0 ? runPath : all(tag.rpath)).flatMap((folders) => folders.split(':')).filter(Boolean),
  }
}

function cString(bytes: Buffer, from: number): string {
  const end = bytes.indexOf(0, from)
  return bytes.toString('utf8', from, end < 0 ? bytes.length : end)
}
