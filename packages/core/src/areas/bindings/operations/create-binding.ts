import * as z from 'zod'
import { denied, fields, operation } from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { keyMaterialDenied, secretGone, secretNotFound } from '../../secrets/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { credentialFields, keepCredential } from '../credential.ts'
import { bindingNameTaken } from '../errors.ts'
import { type Binding, bindingKind } from '../records.ts'
import { BindingBody, bindingBody, bindingFields } from '../schemas.ts'

export const createBinding = operation({
  name: 'bindings.create',
  summary: 'Create a binding. An agent calls a service through it with a credential that the agent never sees.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/bindings',
    status: 201,
    id: 'createBinding',
    tag: 'Execution Intents',
  },
  command: { positionals: ['agent_id', 'name'], flags: { binding_type: 'type t' } },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'binding.create',
    resource: 'binding',
    about: ({ agent_id, name, config }, made) => ({ id: made?.id, agent_id, name, base_url: config.base_url }),
  },
  input: z.object({
    agent_id: fields.id(),
    name: bindingFields.name,
    binding_type: bindingFields.binding_type,
    config: bindingFields.config,
    guardrails: fields.optional(bindingFields.guardrails),
    ...credentialFields,
  }),
  output: BindingBody,
  errors: [
    ...[agentNotFound, bindingNameTaken, denied],
    ...[vaultNotFound, secretNotFound, secretGone, keyMaterialDenied],
  ],
  run: (context, { agent_id, name, binding_type, config, guardrails = {}, ...given }) => {
    const { unit, now, newId } = context
    const agent = unit.require(agentKind, agent_id, agentNotFound)
    if (unit.find(bindingKind, 'name', agent_id, name)) throw bindingNameTaken()
    const binding: Binding = {
      id: newId(),
      agentId: agent_id,
      name,
      type: binding_type,
      config,
      guardrails,
      isActive: true,
      credential: keepCredential(context, agent, name, given),
      createdAt: now,
      updatedAt: now,
    }
    unit.put(bindingKind, binding)
    return bindingBody(binding)
  },
})
