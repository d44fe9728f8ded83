/** A statement about two things, such as `parent(ana, bo)`; names in capitals are variables. */
export type Fact = readonly [relation: string, subject: string, object: string]

/** If all of `when` hold, so does `then`. */
export interface Rule {
  readonly when: readonly Fact[]
  readonly then: Fact
}

type Binding = ReadonlyMap<string, string>

const isVariable = (term: string): boolean => /^[A-Z]/.test(term)

function match(pattern: Fact, fact: Fact, binding: Binding): Binding | undefined {
  if (pattern[0] !== fact[0]) return undefined
  let result = binding
  for (const i of [1, 2] as const) {
    const term = isVariable(pattern[i]) ? (result.get(pattern[i]) ?? pattern[i]) : pattern[i]
    if (isVariable(term)) result = new Map([...result, [term, fact[i]]])
    else if (term !== fact[i]) return undefined
  }
  return result
}

/** Everything that follows from the facts by the rules (forward chaining to the least fixed point); at most `limit` facts. */
export function infer(facts: readonly Fact[], rules: readonly Rule[], limit = 10_000): Fact[] {
  const known = new Map(facts.map((fact) => [fact.join(' '), fact]))
  for (let grown = true; grown && known.size < limit; ) {
    grown = false
    for (const rule of rules) {
      let bindings: Binding[] = [new Map()]
      for (const pattern of rule.when) {
        bindings = bindings.flatMap((binding) =>
          [...known.values()].flatMap((fact) => match(pattern, fact, binding) ?? []),
        )
      }
      for (const binding of bindings) {
        const [relation, subject, object] = rule.then
        const fact: Fact = [relation, binding.get(subject) ?? subject, binding.get(object) ?? object]
        if (known.has(fact.join(' '))) continue
        known.set(fact.join(' '), fact)
        grown = true
      }
    }
  }
  return [...known.values()]
}
