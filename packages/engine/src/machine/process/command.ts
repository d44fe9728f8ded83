import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/**
 * Splits a command line into words as a shell would, without one: spaces separate, single quotes keep everything,
 * double quotes keep all but `\"` and `\\`, a backslash keeps the next character. Throws on an unclosed quote.
 */
export function splitCommand(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let index = 0; index < line.length; index += 1) {
    const char = line[index] ?? ''
    if (quote === "'") {
      if (char === "'") quote = ''
      else word += char
    } else if (quote === '"') {
      const next = line[index + 1]
      if (char === '"') quote = ''
      else if (char === '\\' && (next === '"' || next === '\\')) {
        word += next
        index += 1
      } else word += char
    } else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (char === '\\' && index + 1 < line.length) {
      word = (word ?? '') + line[index + 1]
      index += 1
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (quote) throw new Error(`the quote ${quote} is never closed`)
  if (word !== undefined) words.push(word)
  return words
}

/** A command as words, however it was written. */
export function commandWords(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? splitCommand(command) : command
}

/** The file that a command's first word names, by `PATH` or relative to `cwd`; undefined when there is none that can be run. */
export function findExecutable(name: string, cwd: string, path: string): string | undefined {
  const candidates = name.includes('/')
    ? [isAbsolute(name) ? name : resolve(cwd, name)]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((directory) => join(directory, name))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}
