/** A column of a table. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Painted after the widths are known. */
  readonly paint?: (text: string) => string
}

/** Lines of an aligned table, two spaces between columns; `columns` is the terminal's width, 0 for no limit. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width = 0, heading = true }: { readonly width?: number; readonly heading?: boolean } = {},
): readonly string[] {
  const shown = heading ? [columns.map(({ title }) => title), ...rows] : rows
  const widths = columns.map((_, index) => Math.max(0, ...shown.map((row) => row[index]?.length ?? 0)))
  shrink(widths, width)
  return shown.map((row, line) =>
    columns
      .map(({ align, paint }, index) => {
        const limit = widths[index] ?? 0
        const text = clipped(row[index] ?? '', limit)
        const last = index === columns.length - 1 && align !== 'right'
        const padded = align === 'right' ? text.padStart(limit) : last ? text : text.padEnd(limit)
        return paint && !(heading && line === 0) ? paint(padded) : padded
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Takes from the widest column until the row fits, but no column below 12. */
function shrink(widths: number[], width: number): void {
  if (width === 0) return
  const gaps = 2 * (widths.length - 1)
  for (;;) {
    const total = widths.reduce((sum, each) => sum + each, gaps)
    const widest = widths.indexOf(Math.max(...widths))
    const most = widths[widest] ?? 0
    if (total <= width || most <= 12) return
    widths[widest] = Math.max(12, most - (total - width))
  }
}

function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`
}
