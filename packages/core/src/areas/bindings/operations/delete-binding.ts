import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { bindingRef, findBinding } from '../access.ts'
import { bindingNotFound } from '../errors.ts'
import { removeBinding } from '../remove.ts'

export const deleteBinding = operation({
  name: 'bindings.delete',
  summary: 'Permanently delete a binding and its inline credential. The audit events of its calls stay.',
  http: {
    method: 'DELETE',
    path: '/v1/agents/{agent_id}/bindings/{binding_id}',
    status: 204,
    id: 'deleteBinding',
    tag: 'Execution Intents',
  },
  effect: 'write',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'binding.delete',
    resource: 'binding',
    about: ({ agent_id, binding_id }) => ({ id: binding_id, agent_id }),
  },
  input: z.object(bindingRef),
  output: z.undefined(),
  errors: [agentNotFound, bindingNotFound],
  run: ({ unit, now }, { agent_id, binding_id }) => {
    removeBinding(unit, findBinding(unit, agent_id, binding_id), now)
    return undefined
  },
})
