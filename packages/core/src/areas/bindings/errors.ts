import { defineError } from '../../kernel/errors.ts'

export const bindingNotFound = defineError('binding_not_found', 'not_found', 'The agent has no binding with this ID.')

export const bindingNameTaken = defineError(
  'binding_name_taken',
  'conflict',
  'The agent already has a binding with this name.',
)

export const executionDisabled = defineError(
  'execution_disabled',
  'denied',
  'This agent may not call services. A human must set its execution_intents_enabled to true first.',
)

export const teeRequired = defineError(
  'tee_required',
  'denied',
  'This agent may call services only from a trusted execution environment (execution_require_tee). This vault does not run in one.',
)

export const credentialNotGiven = defineError(
  'credential_not_given',
  'denied',
  'Only the user who set the credential can change its destination. To change it, send the credential again in the same request.',
)

/**
 * The service could not be called, or answered with an error. Only for tools, because models treat any answer as
 * success.
 */
export const callFailed = defineError<{ reason: string }>('call_failed', 'unavailable', ({ reason }) => reason)
