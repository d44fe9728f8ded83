/** Pixels, four bytes each (red, green, blue, alpha). */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** What can be said of a picture without a neural model. */
export interface Features {
  /** 64 bits as 16 hex digits; two pictures that look alike differ in few bits. */
  readonly hash: string
  /** Mean brightness, 0..1. */
  readonly brightness: number
  /** Share of pixels that lie on an edge, 0..1. */
  readonly edges: number
  /** The three commonest colours, as `#rrggbb` of a 4-level palette. */
  readonly colours: readonly string[]
}

function luminance(picture: Picture, x: number, y: number): number {
  const at = (y * picture.width + x) * 4
  return (
    (0.299 * (picture.data[at] ?? 0) + 0.587 * (picture.data[at + 1] ?? 0) + 0.114 * (picture.data[at + 2] ?? 0)) / 255
  )
}

function differenceHash(picture: Picture): string {
  let bits = 0n
  const sample = (column: number, row: number): number =>
    luminance(picture, Math.floor(((column + 0.5) * picture.width) / 9), Math.floor(((row + 0.5) * picture.height) / 8))
  for (let row = 0; row < 8; row++) {
    for (let column = 0; column < 8; column++)
      bits = (bits << 1n) | (sample(column, row) > sample(column + 1, row) ? 1n : 0n)
  }
  return bits.toString(16).padStart(16, '0')
}

/** Classical features of a picture: difference hash (Krawetz 2013), brightness, Sobel edges, commonest colours. */
export function featuresOf(picture: Picture): Features {
  let light = 0
  let edges = 0
  const colours = new Map<string, number>()
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      light += luminance(picture, x, y)
      const at = (y * picture.width + x) * 4
      const colour = `#${[0, 1, 2].map((channel) => (Math.round((picture.data[at + channel] ?? 0) / 85) * 85).toString(16).padStart(2, '0')).join('')}`
      colours.set(colour, (colours.get(colour) ?? 0) + 1)
      if (x === 0 || y === 0 || x === picture.width - 1 || y === picture.height - 1) continue
      const p = (dx: number, dy: number): number => luminance(picture, x + dx, y + dy)
      const gx = p(1, -1) + 2 * p(1, 0) + p(1, 1) - p(-1, -1) - 2 * p(-1, 0) - p(-1, 1)
      const gy = p(-1, 1) + 2 * p(0, 1) + p(1, 1) - p(-1, -1) - 2 * p(0, -1) - p(1, -1)
      if (Math.hypot(gx, gy) > 0.5) edges += 1
    }
  }
  const pixels = picture.width * picture.height
  return {
    hash: differenceHash(picture),
    brightness: light / pixels,
    edges: edges / pixels,
    colours: [...colours]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 3)
      .map(([colour]) => colour),
  }
}

/** Bits in which two hashes differ, 0..64. */
export function hashDistance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length
}
