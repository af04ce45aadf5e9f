/**
 * Resolves after the input that has arrived was handled: so that what is ready at the same moment goes together, and long
 * work lets others go first.
 */
export function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }
  return new Promise((resolve) => (setImmediate ? setImmediate(resolve) : setTimeout(resolve, 0)))
}
