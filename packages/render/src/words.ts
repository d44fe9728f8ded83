/**
 * A command line as words: quotes and backslashes as a POSIX shell reads them, and nothing else of a shell (no
 * variables, no pipes). A list is taken as it is.
 */
export function splitWords(command: string | readonly string[]): string[] {
  if (typeof command !== 'string') return [...command]
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let i = 0; i < command.length; i++) {
    const c = command[i] ?? ''
    if (quote) {
      if (c === quote) quote = undefined
      else if (c === '\\' && quote === '"' && /["\\$`]/.test(command[i + 1] ?? ''))
        word = (word ?? '') + (command[++i] ?? '')
      else word = (word ?? '') + c
    } else if (c === '"' || c === "'") {
      quote = c
      word ??= ''
    } else if (c === '\\') word = (word ?? '') + (command[++i] ?? '')
    else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + c
  }
  if (word !== undefined) words.push(word)
  return words
}
