import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { agentAt, agentNotFound } from '../../agents/index.ts'
import { bindingRef, findBinding } from '../access.ts'
import { bindingNotFound } from '../errors.ts'
import { BindingBody, bindingBody } from '../schemas.ts'

export const getBinding = operation({
  name: 'bindings.get',
  summary: 'Get a binding of an agent.',
  http: {
    method: 'GET',
    path: '/v1/agents/{agent_id}/bindings/{binding_id}',
    status: 200,
    id: 'getBinding',
    tag: 'Execution Intents',
  },
  effect: 'read',
  access: { permission: 'run', resource: ({ agent_id }) => agentAt(agent_id), signedIn: ['user'] },
  audit: {
    action: 'binding.read',
    resource: 'binding',
    about: ({ agent_id, binding_id }) => ({ id: binding_id, agent_id }),
  },
  input: z.object(bindingRef),
  output: BindingBody,
  errors: [agentNotFound, bindingNotFound],
  run: ({ unit }, { agent_id, binding_id }) => bindingBody(findBinding(unit, agent_id, binding_id)),
})
