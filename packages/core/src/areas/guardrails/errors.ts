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
