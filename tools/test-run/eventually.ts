import { vi } from 'vitest'

/**
 * Waits until an expectation holds. vi.waitFor alone waits for one second, and a busy machine can take longer. A test that
 * passes does not wait longer than it must.
 *
 * @example
 * await eventually(() => expect(server.abandoned).toBe(1))
 */
export function eventually<T>(expectation: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(expectation, { timeout: 20_000 })
}
