import { styleText } from 'node:util'

/** The two colours of the output and the dimmed text; each returns its text unchanged where colours are not wanted. */
export interface Paint {
  /** What went wrong or needs a decision. */
  readonly bad: (text: string) => string
  /** What to do, or what went well. */
  readonly good: (text: string) => string
  /** What matters less. */
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
}

/** Paints, or leaves as it is. */
export function paint(color: boolean): Paint {
  const style =
    (format: 'red' | 'cyan' | 'dim' | 'bold') =>
    (text: string): string =>
      color ? styleText(format, text, { validateStream: false }) : text
  return { bad: style('red'), good: style('cyan'), dim: style('dim'), bold: style('bold') }
}
