import type { Pawl } from '@pawl/core'

interface Binding {
  readonly agentId: string
  readonly baseUrl: string
  readonly credential: string
}

/** What the owner does, once: the agent may charge and look at charges, ten times a minute, and do nothing else there. */
export async function letCharge(owner: ReturnType<Pawl['as']>, { agentId, baseUrl, credential }: Binding) {
  await owner.bindings.create({
    agent_id: agentId,
    name: 'payments',
    binding_type: 'http',
    config: { base_url: baseUrl, allowed_methods: ['GET', 'POST'], allowed_paths: ['/charges', '/charges/*'] },
    guardrails: { max_requests_per_minute: 10 },
    credential,
  })
}
