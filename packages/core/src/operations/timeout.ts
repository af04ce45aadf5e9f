/**
 * Returns the promised value, or throws after the timeout. For calls to plugged-in parts, which may never answer.
 *
 * @example
 * await inTime(sink.deliver(events), 10 * second)
 */
export async function inTime<T>(promised: Promise<T>, msMax: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer arrived within ${msMax} ms.`)), msMax)
  })
  try {
    return await Promise.race([promised, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
