import { splitWords as split } from '@seaworthy/render'

/** The words of a command of the catalog. */
export const splitWords: (command: string | readonly string[]) => string[] = split
