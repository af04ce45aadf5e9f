import type { Pawl } from '@pawl/core'

interface Wanted {
  readonly agentId: string
  /** Where the service is. */
  readonly baseUrl: string
  /** Where its key is; the agent needs no right to read it. */
  readonly secret: { readonly vault_id: string; readonly path: string }
}

/** What the owner does, once: the agent may charge and look at charges, ten times a minute, and do nothing else there. */
export async function letCharge(owner: ReturnType<Pawl['as']>, { agentId, baseUrl, secret }: Wanted): Promise<void> {
  await owner.agents.update({ agent_id: agentId, execution_intents_enabled: true })
  await owner.bindings.create({
    agent_id: agentId,
    name: 'payments',
    binding_type: 'http',
    config: { base_url: baseUrl, allowed_methods: ['GET', 'POST'], allowed_paths: ['/charges', '/charges/*'] },
    guardrails: { max_requests_per_minute: 10 },
    credential_source: { type: 'vault_ref', ...secret },
  })
}
