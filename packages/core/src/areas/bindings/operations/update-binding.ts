import * as z from 'zod'
import { type Context, denied, operation, signedIn } from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { keyMaterialDenied, secretGone, secretNotFound } from '../../secrets/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { bindingRef, findBinding } from '../access.ts'
import { credentialFields, isGiven, keepCredential } from '../credential.ts'
import { bindingNotFound, credentialNotGiven } from '../errors.ts'
import { type Binding, bindingKind } from '../records.ts'
import { BindingBody, bindingBody, bindingFields } from '../schemas.ts'

export const updateBinding = operation({
  name: 'bindings.update',
  summary: 'Update the given fields of a binding. A new destination requires sending the credential again.',
  http: {
    method: 'PATCH',
    path: '/v1/agents/{agent_id}/bindings/{binding_id}',
    status: 200,
    id: 'updateBinding',
    tag: 'Execution Intents',
  },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'binding.update',
    resource: 'binding',
    about: ({ agent_id, binding_id, ...named }) => ({ id: binding_id, agent_id, fields: Object.keys(named).sort() }),
  },
  input: z.object({
    ...bindingRef,
    config: bindingFields.config.optional(),
    guardrails: bindingFields.guardrails.optional(),
    is_active: z.boolean('must be true or false').optional().describe('Whether the agent can use the binding.'),
    ...credentialFields,
  }),
  output: BindingBody,
  errors: [
    ...[agentNotFound, bindingNotFound, credentialNotGiven, denied],
    ...[vaultNotFound, secretNotFound, secretGone, keyMaterialDenied],
  ],
  run: (context, { agent_id, binding_id, config, guardrails, is_active, ...given }) => {
    const { unit, now } = context
    const agent = unit.require(agentKind, agent_id, agentNotFound)
    const before = findBinding(unit, agent_id, binding_id)
    if (config && !isGiven(given)) checkGiver(context, before)
    const binding: Binding = {
      ...before,
      config: config ?? before.config,
      guardrails: guardrails ?? before.guardrails,
      isActive: is_active ?? before.isActive,
      credential: keepCredential(context, agent, before.name, given) ?? before.credential,
      updatedAt: now,
    }
    unit.put(bindingKind, binding)
    return bindingBody(binding)
  },
})

/** Otherwise the human who runs the agent could send a credential to their own server, although they may not read it. */
function checkGiver(context: Context, { credential }: Binding): void {
  if (credential !== null && credential.by !== signedIn(context).id) throw credentialNotGiven()
}
