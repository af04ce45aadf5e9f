// The URL of a node, a bundler or a paymaster often contains a key. What such a service says is stored, and agents read it. So a
// service that repeats its URL must not show the key to them.

/**
 * The same service. `clean` removes the keys from the messages of its errors.
 *
 * @example
 * withoutKeys(keyRemover(urls), { balance, account })
 */
export function withoutKeys<Service extends object>(clean: (text: string) => string, service: Service): Service {
  const guarded = Object.entries(service).map(([name, member]) => {
    if (typeof member !== 'function') return [name, member]
    const call = async (...given: unknown[]) => {
      try {
        return await member(...given)
      } catch (error) {
        if (!(error instanceof Error)) throw error
        const { message, stack } = error
        throw Object.assign(error, { message: clean(message), ...(stack !== undefined && { stack: clean(stack) }) })
      }
    }
    return [name, call]
  })
  return Object.fromEntries(guarded) as Service
}
