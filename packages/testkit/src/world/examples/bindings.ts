import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const http = {
  name: 'payments',
  binding_type: 'http' as const,
  config: { base_url: 'https://api.example.com/v1', allowed_paths: ['/charges*'] },
}

const callingAgent = async (world: World) => {
  const { id } = await world.agent({ name: 'shop', execution_intents_enabled: true })
  return { who: { user: world.ownerId }, agent_id: id }
}

const ownBinding = async (world: World) => {
  const { who, agent_id } = await callingAgent(world)
  const credential_source = { type: 'inline', value: tagged('sk_live') } as const
  const { id } = await world.owner.bindings.create({ ...http, agent_id, credential_source })
  return { who, input: { agent_id, binding_id: id } }
}

export const bindingExamples: ExamplesOf<'bindings'> = {
  create: async (world) => {
    const { who, agent_id } = await callingAgent(world)
    const guardrails = { max_requests_per_minute: 60 }
    const credential_source = { type: 'inline', value: { token: tagged('sk_live') } }
    return { who, input: { ...http, agent_id, guardrails, credential_source } }
  },
  list: async (world) => {
    const { who, input } = await ownBinding(world)
    return { who, input: { agent_id: input.agent_id } }
  },
  get: ownBinding,
  update: async (world) => {
    const { who, input } = await ownBinding(world)
    return { who, input: { ...input, guardrails: { max_requests_per_minute: 60 }, is_active: false } }
  },
  delete: ownBinding,
  test: async (world) => {
    const { who, input } = await ownBinding(world)
    return { who, input: { ...input, timeout_ms: 1_000 } }
  },
  rotateCredential: async (world) => {
    const { who, input } = await ownBinding(world)
    return { who, input: { ...input, credential: tagged('sk_live_2') } }
  },
  // Nothing leaves an engine that was not told where it may call: the example is a call that was denied outside.
  execute: async (world) => {
    const { input } = await ownBinding(world)
    const params = { method: 'POST', path: '/charges', body: { amount: 42 } }
    return { who: { agent: input.agent_id }, input: { agent_id: input.agent_id, binding: 'payments', params } }
  },
  listExecutions: async (world) => {
    const { who, input } = await ownBinding(world)
    return { who, input: { agent_id: input.agent_id, limit: 10 } }
  },
}
