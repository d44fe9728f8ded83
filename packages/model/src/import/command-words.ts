/** Splits a command as a shell would, without running one: quotes and backslashes group, nothing is expanded. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (quote) {
      if (letter === quote) quote = undefined
      else if (letter === '\\' && quote === '"' && /["\\$`]/.test(text[at + 1] ?? '')) word = (word ?? '') + text[++at]
      else word = (word ?? '') + letter
    } else if (letter === '"' || letter === "'") {
      quote = letter
      word ??= ''
    } else if (letter === '\\' && at + 1 < text.length) {
      word = (word ?? '') + (text[++at] === '\n' ? '' : text[at])
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + letter
  }
  return word === undefined ? words : [...words, word]
}

/** Whether a command line needs a shell to mean what it says. */
export function needsShell(text: string): boolean {
  return /[|&;<>()$`*?[\]~\n]|^\s*[A-Za-z_][A-Za-z0-9_]*=|^\s*(exec|cd|if|for|while|export|source|\.)\s/.test(text)
}

/** A command as a catalog writes it: one text where it splits into the same words again, a list where it does not. */
export function writeCommand(words: readonly string[]): string | readonly string[] {
  const text = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ')
  const again = splitWords(text)
  const same = again.length === words.length && again.every((word, index) => word === words[index])
  return same && words.filter((word) => !/^[\w@%+=:,./-]+$/.test(word)).length <= 1 && !text.includes('\n')
    ? text
    : words
}

function quoted(word: string): string {
  return word.includes('"') || word.includes('\\') ? `'${word}'` : `"${word}"`
}
