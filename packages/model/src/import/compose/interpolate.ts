/** A variable met while a text was put together, and what was found of it. */
export interface UsedVariable {
  readonly name: string
  /** `set`: it has a value; `default`: the text's own default stands in; `missing`: nothing does, so it is empty. */
  readonly found: 'set' | 'default' | 'missing'
}

export interface Interpolated {
  readonly text: string
  readonly variables: readonly UsedVariable[]
  /** What the text demands of variables that are not set: `${NAME:?message}`. */
  readonly demands: readonly { readonly name: string; readonly message: string }[]
  /** The first `${` that is no variable, when there is one; the text is then left as it was. */
  readonly invalid?: string
}

type Lookup = (name: string) => string | undefined

const reference = /^(?<name>[_a-z][_a-z0-9]*)(?:(?<operator>:?[-+?])(?<word>[\s\S]*))?$/i

/**
 * Puts variables into a text as Compose does: `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME-word}`, `${NAME:?message}`,
 * `${NAME?message}`, `${NAME:+word}`, `${NAME+word}`, nested; `$$` is a dollar sign (Compose specification, part 12).
 */
export function interpolate(template: string, lookup: Lookup): Interpolated {
  const variables: UsedVariable[] = []
  const demands: { name: string; message: string }[] = []
  let invalid: string | undefined

  function expand(text: string): string {
    let out = ''
    let at = 0
    while (at < text.length) {
      const dollar = text.indexOf('$', at)
      if (dollar < 0) return out + text.slice(at)
      out += text.slice(at, dollar)
      const rest = text.slice(dollar + 1)
      const named = /^[_a-z][_a-z0-9]*/i.exec(rest)?.[0]
      if (rest.startsWith('$')) {
        out += '$'
        at = dollar + 2
      } else if (named) {
        out += plain(named)
        at = dollar + 1 + named.length
      } else if (rest.startsWith('{')) {
        const end = closingBrace(rest)
        const groups = end < 0 ? undefined : reference.exec(rest.slice(1, end))?.groups
        if (!groups?.name) {
          invalid ??= text.slice(dollar, end < 0 ? undefined : dollar + 1 + end + 1)
          return text
        }
        out += braced(groups.name, groups.operator, groups.word ?? '')
        at = dollar + 1 + end + 1
      } else {
        out += '$'
        at = dollar + 1
      }
    }
    return out
  }

  function plain(name: string): string {
    const value = lookup(name)
    variables.push({ name, found: value === undefined ? 'missing' : 'set' })
    return value ?? ''
  }

  function braced(name: string, operator: string | undefined, word: string): string {
    const value = lookup(name)
    const there = operator?.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
    const found = value === undefined ? 'missing' : 'set'
    switch (operator?.at(-1)) {
      case '-':
        variables.push({ name, found: there ? 'set' : 'default' })
        return there ? (value ?? '') : expand(word)
      case '+':
        variables.push({ name, found })
        return there ? expand(word) : (value ?? '')
      case '?':
        variables.push({ name, found })
        if (!there) demands.push({ name, message: expand(word) })
        return value ?? ''
      default:
        return plain(name)
    }
  }

  const text = expand(template)
  return {
    text: invalid === undefined ? text : template,
    variables,
    demands,
    ...(invalid !== undefined && { invalid }),
  }
}

/** Index of the brace that closes the one which `text` begins with; -1 when none does. */
function closingBrace(text: string): number {
  let open = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') open += 1
    if (text[at] === '}') {
      open -= 1
      if (open === 0) return at
    }
  }
  return -1
}
