import type { ErrorKind } from '@pawl/core/client'

/** Exit statuses, as sysexits.h has them. */
export const exits = { ok: 0, failed: 1, usage: 64, config: 78 } as const

/** The exit status of each kind of error, from the same table. */
const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 64,
  not_found: 66,
  gone: 66,
  unavailable: 69,
  internal: 70,
  conflict: 73,
  limited: 75,
  unauthenticated: 77,
  denied: 77,
}

export function exitOf(kind: ErrorKind): number {
  return statuses[kind]
}

/** Every status that a command of Pawl ends with, except that of a program which `env run` started. */
export const exitStatuses: readonly number[] = [...Object.values(exits), ...Object.values(statuses)]
