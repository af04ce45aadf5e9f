import { HsmError, type HsmFailure, hex } from '@pawl/core/ports'

/** The two functions of a test runner that a suite needs; Vitest, Jest, Mocha and node:test all have them. */
export interface Runner {
  describe(title: string, body: () => void): void
  it(title: string, body: () => void | Promise<void>, timeoutMs?: number): void
}

const timeoutMs = 60_000

/**
 * A runner that gives each test a minute. The default of a runner is a few seconds, which is too short for a device or a
 * busy machine. Runners that take no timeout ignore it.
 */
export function patient({ describe, it }: Runner): Runner {
  return { describe, it: (title, body) => it(title, body, timeoutMs) }
}

/** Cases by title. Each case opens its own subject and always closes it, even after a failure. */
export function testEach<O extends { close?(): Promise<void> }>(
  title: string,
  open: () => O | Promise<O>,
  cases: Readonly<Record<string, (opened: O) => void | Promise<void>>>,
  runner: Runner,
): void {
  const { describe, it } = patient(runner)
  describe(title, () => {
    for (const [promise, body] of Object.entries(cases)) {
      it(promise, async () => {
        const opened = await open()
        try {
          await body(opened)
        } finally {
          await opened.close?.()
        }
      })
    }
  })
}

export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

export function sameBytes(actual: Uint8Array | null, expected: Uint8Array, what: string): void {
  check(actual !== null && hex(actual) === hex(expected), `${what}: got ${actual && hex(actual)}, not ${hex(expected)}`)
}

/** That the call throws, or its promise rejects; gives the error. */
export async function rejects(call: () => unknown, what: string): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error(`${what}: nothing was thrown`)
}

export async function failsWith(failure: HsmFailure, call: () => unknown, what: string): Promise<void> {
  const error = await rejects(call, what)
  check(error instanceof HsmError, `${what}: threw ${error}, which is no HsmError`)
  check(error.failure === failure, `${what}: failed with ${error.failure}, not ${failure}`)
}
