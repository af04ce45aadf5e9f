import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { BindingConfig, Guardrails } from './config.ts'
import { type Binding, bindingTypes, type Execution } from './records.ts'

/** A path segment. Its first and last characters are letters or digits. */
function bindingName() {
  return z
    .string('must be a string')
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$/,
      'must be 1 to 64 letters, digits, "-" and "_", and begin and end with a letter or a digit',
    )
}

export const bindingFields = {
  name: bindingName(),
  binding_type: z.enum(bindingTypes, 'must be http or graphql. This vault has no adapter for other services'),
  config: BindingConfig.describe(
    'Where the agent may call, and how: base_url, auth_type, allowed_methods, allowed_paths and more.',
  ),
  guardrails: Guardrails.describe('Limits of the binding: allowed_hosts, max_duration_ms, max_requests_per_minute.'),
}

/** A binding for the managers of the agent. */
export const BindingBody = z
  .object({
    id: fields.id(),
    agent_id: fields.id(),
    binding_type: z.enum(bindingTypes),
    name: z.string(),
    config: fields.shownObject(),
    guardrails: fields.shownObject(),
    is_active: z.boolean(),
    credential_set: z.boolean().optional(),
    credential_source_type: z.enum(['inline', 'vault_ref']).optional(),
    credential_vault_id: fields.id().optional(),
    credential_path: z.string().optional(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
  })
  .meta({ id: 'BindingResponse' })

export type BindingBody = z.infer<typeof BindingBody>

export function bindingBody(binding: Binding): BindingBody {
  const { credential } = binding
  const where = credential?.type === 'vault_ref' ? credential : null
  return {
    ...agentView(binding),
    config: shown(binding.config),
    credential_set: credential !== null,
    credential_source_type: credential?.type,
    credential_vault_id: where?.vaultId,
    credential_path: where?.path,
  }
}

/** A binding for its agent: the allowed calls, and nothing about the credential. */
export function agentView(binding: Binding): BindingBody {
  const { auth_type: _type, auth_name: _name, username: _user, ...config } = binding.config
  return {
    id: binding.id,
    agent_id: binding.agentId,
    binding_type: binding.type,
    name: binding.name,
    config: shown(config),
    guardrails: shown(binding.guardrails),
    is_active: binding.isActive,
    created_at: rfc3339(binding.createdAt),
    updated_at: rfc3339(binding.updatedAt),
  }
}

function shown(fields: object): BindingBody['config'] {
  return JSON.parse(JSON.stringify(fields))
}

/** The result of a call, for the calling agent. */
export const ExecuteBody = z
  .object({
    execution_id: fields.id(),
    status: z.string(),
    result: fields.shownObject().optional(),
    error: z.string().optional(),
    duration_ms: fields.count(),
    redactions_applied: fields.count(),
    execution_surface: z.enum(['vault', 'tee']),
  })
  .meta({ id: 'ExecuteResponse' })

export type ExecuteBody = z.infer<typeof ExecuteBody>

/** The stored data about a call. */
export const ExecutionBody = z
  .object({
    id: fields.id(),
    agent_id: fields.id(),
    binding_id: fields.id(),
    intent_type: z.string(),
    execution_mode: z.string(),
    status: z.string(),
    request_summary: fields.shownObject(),
    result_summary: fields.shownObject().optional(),
    error_message: z.string().optional(),
    duration_ms: fields.count(),
    redactions_applied: fields.count(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'ExecutionEventResponse' })

const unknownOutcome =
  'Unknown outcome. The server stopped before the answer arrived. Check the service, because Pawl does not send the call again.'

export function executionBody(execution: Execution, now: number): z.infer<typeof ExecutionBody> {
  const { method, host, httpStatus, bodyBytes } = execution
  const isCutOff = execution.status === 'started' && execution.settledBy <= now
  return {
    id: execution.id,
    agent_id: execution.agentId,
    binding_id: execution.bindingId,
    intent_type: execution.intentType,
    execution_mode: 'vault',
    status: isCutOff ? 'error' : execution.status,
    request_summary: { method, host },
    result_summary: httpStatus === null ? undefined : { status: httpStatus, body_bytes: bodyBytes },
    error_message: isCutOff ? unknownOutcome : (execution.error ?? undefined),
    duration_ms: execution.durationMs,
    redactions_applied: execution.redactions,
    created_at: rfc3339(execution.createdAt),
  }
}
