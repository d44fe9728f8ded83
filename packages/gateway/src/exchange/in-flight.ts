/** A member of an {@link InFlightList}; the links belong to the list. */
export interface InFlightLinks<T> {
  previous: T | undefined
  next: T | undefined
}

/** All requests that began and did not end, in the order of arrival; adding and removing are constant-time and allocate nothing. */
export class InFlightList<T extends InFlightLinks<T>> {
  size = 0
  #first: T | undefined
  #last: T | undefined

  add(item: T): void {
    item.previous = this.#last
    if (this.#last === undefined) this.#first = item
    else this.#last.next = item
    this.#last = item
    this.size++
  }

  /** Call once for each item that was added. */
  remove(item: T): void {
    if (item.previous === undefined) this.#first = item.next
    else item.previous.next = item.next
    if (item.next === undefined) this.#last = item.previous
    else item.next.previous = item.previous
    item.previous = undefined
    item.next = undefined
    this.size--
  }

  /** Every member at this moment, oldest first. */
  all(): T[] {
    const all: T[] = []
    for (let item = this.#first; item !== undefined; item = item.next) all.push(item)
    return all
  }
}
