import { defineError } from '../../kernel/errors.ts'

/** A rule refuses the signature. `violation` says which, with its limit and what was asked for. */
export const guardrailViolated = defineError<{
  violation: {
    rule: string
    allowed: boolean
    reason: string
    reason_code: string
    limit: string | number | null
    current: string | number | null
    attempted: string | number | null
  }
}>('guardrail_violated', 'denied', ({ violation }) => `${violation.reason} (${violation.rule})`)

export const limitsChanged = defineError(
  'limits_changed',
  'conflict',
  'The limits have changed since this was asked for. Ask again.',
)

export const environmentNeedsOne = defineError(
  'environment_needs_second_person',
  'denied',
  'The agent has limits by environment, and this organisation wants two persons for a change that allows more. Change the limits first.',
)
