import { type AnyOperation, type ErrorKind, PawlError } from '@pawl/core'

/** The advice for a model after an error of this kind. It follows the message. */
const advice: Partial<Record<ErrorKind, string>> = {
  denied: 'A human can allow it with a policy.',
  not_found: 'list_secrets and list_vaults show what you can access.',
  gone: 'A human can store a new one.',
}

/** Null if the message already says what must change. */
const adviceFor: Readonly<Record<string, string | null>> = {
  execution_disabled: null,
  tee_required: 'A human must change this setting of the agent.',
  no_vault_of_this_name: 'list_vaults shows the vaults.',
  key_material_denied: 'A human must turn off intents_api_enabled of the agent first.',
  resource_limit_exceeded: 'A human must raise the limit, or delete unused items.',
}

/** The permissions that a policy can give. */
const permissions: ReadonlySet<string> = new Set(['read', 'write', 'delete', 'rotate'])

function adviceOf({ kind, code }: PawlError, operation: AnyOperation | undefined): string | null | undefined {
  if (Object.hasOwn(adviceFor, code)) return adviceFor[code]
  const access = operation?.access
  const permission = typeof access === 'object' && 'permission' in access ? access.permission : undefined
  if (kind === 'denied' && permission !== undefined && permissions.has(permission)) {
    return `A human can allow it with a policy for this agent that has the permission ${permission} and matches the path.`
  }
  return advice[kind]
}

/** The error text for a model. It never repeats the input or internal details. */
export function sentenceOf(error: unknown, operation?: AnyOperation): string {
  if (!(error instanceof PawlError) || error.kind === 'internal')
    return 'An internal error occurred. The server log has the details.'
  const { message } = error
  const next = adviceOf(error, operation)
  return next === undefined || next === null ? message : `${message} ${next}`
}
