const shown = '[secret]'

/**
 * A value that does not print. Templates, JSON and inspection show a placeholder. Only `.reveal()` returns the value,
 * and it is easy to find in code.
 *
 * @example
 * const password = Secret.of('hunter2')
 * `${password}`        // '[secret]'
 * password.reveal()    // 'hunter2'
 */
export class Secret<T> {
  readonly #value: T

  private constructor(value: T) {
    this.#value = value
  }

  static of<T>(value: T): Secret<T> {
    return new Secret(value)
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.toPrimitive](): string {
    return shown
  }

  /** For `util.inspect` of Node. The symbol is registered, so no import is needed. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown
  }
}

/** JSON with revealed secrets. Use it only to hash it, to encrypt it, or to send it to a caller who may read the secrets. */
export function revealingJson(value: unknown, indent = 0): string {
  const reveal = function (this: Record<string, unknown>, name: string, shown: unknown) {
    const held = this[name]
    return held instanceof Secret ? held.reveal() : shown
  }
  return JSON.stringify(value, reveal, indent)
}
