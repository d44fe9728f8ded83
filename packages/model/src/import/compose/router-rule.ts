/** What one alternative of a Traefik rule asks of a request. */
export interface RuleAlternative {
  readonly hosts: readonly string[]
  readonly paths: readonly string[]
  readonly methods: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** Matchers that have no counterpart, as written. */
  readonly others: readonly string[]
}

type Expression =
  | { readonly kind: 'match'; readonly name: string; readonly values: readonly string[]; readonly text: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly text: string }

/** Reads a Traefik rule such as ``Host(`a.example.com`) && PathPrefix(`/api`)`` as alternatives; undefined when it is none. */
export function readRouterRule(rule: string): readonly RuleAlternative[] | undefined {
  const tokens = rule.match(/&&|\|\||[()!,]|`[^`]*`|"[^"]*"|[A-Za-z]+|\S/g) ?? []
  let at = 0
  const peek = (): string | undefined => tokens[at]

  function either(): Expression | undefined {
    return sequence('||', 'or', () => sequence('&&', 'and', factor))
  }

  function sequence(sign: string, kind: 'and' | 'or', next: () => Expression | undefined): Expression | undefined {
    const first = next()
    if (!first) return undefined
    const of = [first]
    while (peek() === sign) {
      at += 1
      const more = next()
      if (!more) return undefined
      of.push(more)
    }
    return of.length === 1 ? first : { kind, of }
  }

  function factor(): Expression | undefined {
    const token = peek()
    if (token === '!') {
      at += 1
      const inner = factor()
      return inner && { kind: 'not', text: '!' }
    }
    if (token === '(') {
      at += 1
      const inner = either()
      if (peek() !== ')') return undefined
      at += 1
      return inner
    }
    if (!token || !/^[A-Za-z]+$/.test(token) || tokens[at + 1] !== '(') return undefined
    const end = (tokens as readonly string[]).indexOf(')', at)
    if (end < 0) return undefined
    const values = tokens.slice(at + 2, end).filter((value) => value !== ',')
    at = end + 1
    return {
      kind: 'match',
      name: token,
      values: values.map((value) => value.replace(/^[`"]|[`"]$/g, '')),
      text: `${token}(${values.join(', ')})`,
    }
  }

  const expression = either()
  return expression && at === tokens.length ? alternativesOf(expression) : undefined
}

const empty: RuleAlternative = { hosts: [], paths: [], methods: [], headers: {}, others: [] }

function alternativesOf(expression: Expression): readonly RuleAlternative[] {
  switch (expression.kind) {
    case 'or':
      return expression.of.flatMap(alternativesOf)
    case 'and':
      return expression.of.reduce<readonly RuleAlternative[]>(
        (sofar, part) => sofar.flatMap((one) => alternativesOf(part).map((other) => both(one, other))),
        [empty],
      )
    case 'not':
      return [{ ...empty, others: [expression.text] }]
    case 'match':
      return [matched(expression)]
    default:
      return expression satisfies never
  }
}

function both(a: RuleAlternative, b: RuleAlternative): RuleAlternative {
  return {
    hosts: [...a.hosts, ...b.hosts],
    paths: [...a.paths, ...b.paths],
    methods: [...a.methods, ...b.methods],
    headers: { ...a.headers, ...b.headers },
    others: [...a.others, ...b.others],
  }
}

function matched({ name, values, text }: Extract<Expression, { kind: 'match' }>): RuleAlternative {
  switch (name) {
    case 'Host':
      return { ...empty, hosts: values }
    case 'Path':
    case 'PathPrefix':
      return values.every((value) => /^\/[^{]*$/.test(value))
        ? { ...empty, paths: values }
        : { ...empty, others: [text] }
    case 'Method':
      return { ...empty, methods: values.map((value) => value.toUpperCase()) }
    case 'Header':
    case 'Headers':
      return values.length === 2
        ? { ...empty, headers: { [values[0] ?? '']: values[1] ?? '' } }
        : { ...empty, others: [text] }
    default:
      return { ...empty, others: [text] }
  }
}
