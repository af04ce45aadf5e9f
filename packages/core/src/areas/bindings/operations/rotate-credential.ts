import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentAt, agentKind, agentNotFound } from '../../agents/index.ts'
import { vaultNotFound } from '../../vaults/index.ts'
import { bindingRef, findBinding } from '../access.ts'
import { credentialField, keepCredential } from '../credential.ts'
import { bindingNotFound } from '../errors.ts'
import { type Binding, bindingKind } from '../records.ts'
import { BindingBody, bindingBody } from '../schemas.ts'

export const rotateBindingCredential = operation({
  name: 'bindings.rotateCredential',
  summary: 'Replace the credential of a binding.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/bindings/{binding_id}/rotate-credential',
    status: 200,
    id: 'rotateBindingCredential',
    tag: 'Execution Intents',
  },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'binding.rotate_credential',
    resource: 'binding',
    about: ({ agent_id, binding_id }) => ({ id: binding_id, agent_id }),
  },
  input: z.object({ ...bindingRef, credential: credentialField() }),
  output: BindingBody,
  errors: [agentNotFound, bindingNotFound, vaultNotFound],
  run: (context, { agent_id, binding_id, credential }) => {
    const { unit, now } = context
    const agent = unit.require(agentKind, agent_id, agentNotFound)
    const before = findBinding(unit, agent_id, binding_id)
    const kept = keepCredential(context, agent, before.name, { credential })
    const binding: Binding = { ...before, credential: kept, updatedAt: now }
    unit.put(bindingKind, binding)
    return bindingBody(binding)
  },
})
