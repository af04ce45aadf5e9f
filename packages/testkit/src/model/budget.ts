import { Finding } from './finding.ts'

/**
 * Something of which there is a limited number.
 *
 * @example
 * const reads = new Budget('the share of db/password', 3)
 * reads.give() // a read was answered; a fourth is a Finding
 * reads.lose() // a read was not answered, so it may have been one of the three
 * reads.refuse() // a read was refused; that none was left must be possible
 */
export class Budget {
  readonly #name: string
  readonly #max: number
  #given = 0
  #lost = 0

  constructor(name: string, max: number) {
    this.#name = name
    this.#max = max
  }

  give(): void {
    if (++this.#given > this.#max) throw new Finding(`${this.#name} was given ${this.#given} times, not ${this.#max}`)
  }

  lose(): void {
    this.#lost++
  }

  refuse(): void {
    if (this.#given + this.#lost >= this.#max) return
    throw new Finding(`${this.#name} was used up when it was given ${this.#given} times, not ${this.#max}`)
  }
}
