import { defineError } from '../../kernel/errors.ts'
import type { Verdict } from './rule.ts'

/** A rule refuses the signature. `violation` says which, with its limit and what was asked for. */
export const guardrailViolated = defineError<{ violation: Verdict }>(
  'guardrail_violated',
  'denied',
  ({ violation }) => `${violation.reason} (${violation.rule})`,
)
