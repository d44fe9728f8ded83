/** Things to happen at moments of a clock that only this moves: a binary heap by time, then by order of entry. */
export class Agenda {
  /** ms. */
  now = 0
  #entries: { readonly at: number; readonly order: number; readonly run: () => void }[] = []
  #order = 0

  /** Puts something `delay` ms ahead. */
  after(delay: number, run: () => void): void {
    this.#order += 1
    const entry = { at: this.now + Math.max(0, delay), order: this.#order, run }
    const heap = this.#entries
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (!above || !earlier(entry, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  /** Lets everything up to `until` happen, at most `limit` things; false when the limit was reached. */
  run(until: number, limit: number): boolean {
    for (let count = 0; ; count += 1) {
      const first = this.#entries[0]
      if (!first || first.at > until) {
        this.now = until
        return true
      }
      if (count >= limit) return false
      this.#removeFirst()
      this.now = first.at
      first.run()
    }
  }

  #removeFirst(): void {
    const heap = this.#entries
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const [a, b] = [heap[left], heap[left + 1]]
      const child = b && a && earlier(b, a) ? left + 1 : left
      const below = heap[child]
      if (!below || !earlier(below, last)) break
      heap[index] = below
      index = child
    }
    heap[index] = last
  }
}

function earlier(
  a: { readonly at: number; readonly order: number },
  b: { readonly at: number; readonly order: number },
): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
