/** A block of code in a document. */
export interface CodeBlock {
  /** What stands behind the opening fence, such as `ts` or `text exit=1`. */
  readonly info: string
  readonly text: string
}

/** A section of a document, from its heading to the next. */
export interface Section {
  readonly title: string
  readonly blocks: readonly CodeBlock[]
}

/** The sections of a Markdown document, with their blocks of code. */
export function sectionsOf(markdown: string): readonly Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((text) => ({
      title: text.split('\n')[0] ?? '',
      blocks: [...text.matchAll(/^```(\S.*)?\n([\s\S]*?)^```$/gm)].map(([, info = '', code = '']) => ({
        info,
        text: code,
      })),
    }))
}

/** The file that a block of code is, by the name in the comment on its first line. */
export function fileOf({ text }: CodeBlock): readonly [name: string, text: string] | undefined {
  const name = /^(?:\/\/|#) (\S+\.\w+)\n/.exec(text)?.[1]
  return name === undefined ? undefined : [name, text]
}

/** An answer without the numbers that grow with the product: of rules, and of defaults not shown. */
export function withoutTallies(answer: string): string {
  return answer.replace(/\b\d+ (rules|more values)\b/g, 'n $1')
}
