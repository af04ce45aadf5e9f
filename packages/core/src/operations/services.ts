import { defineError, type PawlError } from '../kernel/errors.ts'
import type { Engine } from './engine.ts'

/** A service of others is missing, or one member of it. */
export const serviceNotConfigured = defineError<{ service: string; setting: string }>(
  'service_not_configured',
  'unavailable',
  ({ service, setting }) => `No service is configured for this (${service}). An operator must set ${setting}.`,
)

export const serviceFailed = defineError<{ service: string }>(
  'service_failed',
  'unavailable',
  ({ service }) => `The configured service (${service}) did not do it. Nothing was paid. Try again later.`,
)

interface Failure {
  readonly service: string
  /** What the service is for, as the log says it. */
  readonly purpose: string
  /** The error with which an adapter says why. Its message is written for the operator. */
  readonly known: new (
    ...given: never[]
  ) => Error
  readonly error: unknown
}

/** What the caller gets of the failure of a service. Only the operator sees the reason, in the log. */
export function failureOfService({ log }: Pick<Engine, 'log'>, { service, purpose, known, error }: Failure): PawlError {
  // Any other error is a mistake in the adapter, and its message can contain anything.
  const reason = error instanceof known ? error.message : 'the adapter failed with an internal error'
  log('warn', `a service for ${purpose} did not do what was asked`, { service, reason })
  return serviceFailed({ service })
}
