import { defineError } from '../../kernel/errors.ts'

export const bindingNotFound = defineError('binding_not_found', 'not_found', 'The agent has no such binding.')

export const bindingNameTaken = defineError(
  'binding_name_taken',
  'conflict',
  'The agent has a binding with this name already.',
)

export const executionDisabled = defineError(
  'execution_disabled',
  'denied',
  'This agent may not call anything: a human sets its execution_intents_enabled to true first.',
)

export const teeRequired = defineError(
  'tee_required',
  'denied',
  'This agent calls from a trusted execution environment only (execution_require_tee), and this vault runs in none.',
)

export const credentialNotGiven = defineError(
  'credential_not_given',
  'denied',
  'Whoever changes where a credential goes must be the one who gave it, or give it anew in the same request.',
)

/** For tools, whose users take any answer for a success. */
export const callFailed = defineError<{ reason: string }>('call_failed', 'unavailable', ({ reason }) => reason)
