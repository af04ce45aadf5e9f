import { queryOptions } from '@tanstack/react-query'
import { api } from './api.ts'

// The queries of the pages, each with its cache key. No query returns a secret value.

const everything = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The signed-in user. */
export const me = queryOptions({ queryKey: ['me'], queryFn: () => api.auth.me(), staleTime: 60_000 })

/** Vaults of the engine itself, such as the one with the private keys of agents. */
export const isSystemVault = ({ name }: { readonly name: string }) => name.startsWith('__')

/** The vaults that the user can see, those of the engine last. */
export const vaults = queryOptions({
  queryKey: ['vaults'],
  queryFn: async () => {
    const { vaults } = await api.vaults.list()
    return [...vaults.filter((one) => !isSystemVault(one)), ...vaults.filter(isSystemVault)]
  },
})

/** All vaults except system vaults, for forms in which a person chooses a vault. */
export const ownVaults = queryOptions({ ...vaults, select: (all) => all.filter((one) => !isSystemVault(one)) })

export const vault = (vault_id: string) =>
  queryOptions({ queryKey: ['vaults', vault_id], queryFn: () => api.vaults.get({ vault_id }) })

/**
 * The last replacement of a client key by the server. Null: there is none that the user can see. The audit trail names it, because
 * the vault names only a running one.
 */
export const serverRotation = (vault_id: string) =>
  queryOptions({
    queryKey: ['vaults', vault_id, 'rotation'],
    queryFn: async () => {
      const { events } = await api.audit.events({ vault_id, action: 'cmek.rotate', limit: 20 })
      const job_id = events.map(({ details }) => details.rotation).find((id) => typeof id === 'string')
      return typeof job_id === 'string' ? api.cmek.getRotation({ vault_id, job_id }) : null
    },
  })

/** All secrets of a vault that the user may read, without their values. */
export const secrets = (vault_id: string) =>
  queryOptions({
    queryKey: ['secrets', vault_id],
    queryFn: ({ signal }) => everything(api.secrets.list.each({ vault_id, limit: 1000 }, { signal })),
  })

/** The first of them. Ten thousand take more than a second, and a page shows these until all are there. */
export const firstSecrets = (vault_id: string) =>
  queryOptions({
    queryKey: ['secrets', vault_id, 'first'],
    queryFn: async () => (await api.secrets.list({ vault_id, limit: 200 })).secrets,
  })

export const versions = (vault_id: string, path: string) =>
  queryOptions({
    queryKey: ['secrets', vault_id, path, 'versions'],
    queryFn: async () => (await api.secrets.listVersions({ vault_id, path })).versions,
  })

export const deletedSecrets = (vault_id: string) =>
  queryOptions({
    queryKey: ['secrets', vault_id, 'deleted'],
    queryFn: async () => (await api.secrets.listDeleted({ vault_id })).secrets,
  })

export const policies = (vault_id: string) =>
  queryOptions({
    queryKey: ['policies', vault_id],
    queryFn: async () => (await api.policies.list({ vault_id })).policies,
  })

/** What agents may do in a vault and did not do for a month. It reads the audit trail, so a page asks only when the user does. */
export const unusedGrants = (vault_id: string) =>
  queryOptions({
    queryKey: ['unused-grants', vault_id],
    queryFn: () => api.policies.unused({ vault_id }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    enabled: false,
  })

export const agents = queryOptions({
  queryKey: ['agents'],
  queryFn: () => everything(api.agents.list.each({})),
})

export const agent = (agent_id: string) =>
  queryOptions({ queryKey: ['agents', agent_id], queryFn: () => api.agents.get({ agent_id }) })

export type KnownAgent = Awaited<ReturnType<typeof api.agents.get>>

export const signingKeys = (agent_id: string) =>
  queryOptions({
    queryKey: ['agents', agent_id, 'signing-keys'],
    queryFn: async () => (await api.signers.list({ agent_id })).keys,
  })

export const bindings = (agent_id: string) =>
  queryOptions({
    queryKey: ['agents', agent_id, 'bindings'],
    queryFn: async () => (await api.bindings.list({ agent_id })).bindings,
  })

export const executions = (agent_id: string) =>
  queryOptions({
    queryKey: ['agents', agent_id, 'executions'],
    queryFn: async () => (await api.bindings.listExecutions({ agent_id, limit: 20 })).events,
  })

export const routerKeys = (agent_id: string) =>
  queryOptions({
    queryKey: ['agents', agent_id, 'router-keys'],
    queryFn: async () => (await api.shroud.listRouterKeys({ agent_id })).router_keys,
  })

/** The chains that agents can use. */
export const chains = queryOptions({
  queryKey: ['chains'],
  queryFn: async () => (await api.chains.list()).chains,
  staleTime: 60_000,
})

export const enrolments = queryOptions({
  queryKey: ['enrolments'],
  queryFn: async () => (await api.enrolments.list()).enrollments,
})

/** The newest requests that the user may decide or has decided. */
export const approvals = queryOptions({
  queryKey: ['approvals'],
  queryFn: async () => (await api.approvals.list({ limit: 200 })).approvals,
})

export const members = queryOptions({
  queryKey: ['members'],
  queryFn: async () => (await api.orgs.listMembers()).members,
})

export const invitations = queryOptions({
  queryKey: ['invitations'],
  queryFn: async () => (await api.orgs.listInvitations()).invitations,
})

export const apiKeys = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async () => (await api.auth.listApiKeys()).keys,
})

export const passkeys = queryOptions({
  queryKey: ['me', 'passkeys'],
  queryFn: async () => (await api.factors.listPasskeys()).passkeys,
})

export const mfa = queryOptions({ queryKey: ['me', 'mfa'], queryFn: () => api.factors.mfaStatus() })

export const security = queryOptions({
  queryKey: ['me', 'security'],
  queryFn: () => api.factors.getSecuritySettings(),
})

export const ipRules = queryOptions({
  queryKey: ['ip-rules'],
  queryFn: async () => (await api.security.listIpRules()).rules,
})

export const health = queryOptions({ queryKey: ['health'], queryFn: () => api.health.get() })
export const hsmHealth = queryOptions({ queryKey: ['health', 'hsm'], queryFn: () => api.health.hsm() })
export const keyStores = queryOptions({
  queryKey: ['key-stores'],
  queryFn: async () => (await api.vaults.keyStores()).key_stores,
})

export const webhooks = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async () => (await api.webhooks.list()).webhooks,
})

export const webhook = (webhook_id: string) =>
  queryOptions({ queryKey: ['webhooks', webhook_id], queryFn: () => api.webhooks.get({ webhook_id }) })

/** The events that this server reports, in their order. */
export const eventTypes = queryOptions({
  queryKey: ['event-types'],
  queryFn: async () => (await api.webhooks.eventTypes()).event_types,
  staleTime: 600_000,
})

export const inboundShares = queryOptions({
  queryKey: ['shares', 'in'],
  queryFn: async () => (await api.sharing.inbound()).shares,
})

export const outboundShares = queryOptions({
  queryKey: ['shares', 'out'],
  queryFn: async () => (await api.sharing.outbound()).shares,
})

/** The apps that the user is connected to, and the data that the user allowed them to read. */
export const connectedApps = queryOptions({
  queryKey: ['apps'],
  queryFn: async () => (await api.platform.listConnectedApps()).apps,
})

export const consents = queryOptions({
  queryKey: ['apps', 'consents'],
  queryFn: async () => (await api.oauth.consents()).consents,
})

export const grants = (connection_id: string) =>
  queryOptions({
    queryKey: ['apps', connection_id, 'grants'],
    queryFn: async () => (await api.platform.listGrants({ connection_id })).grants,
  })

/** The apps that the organisation runs. */
export const platformApps = queryOptions({
  queryKey: ['platform'],
  queryFn: async () => (await api.platform.listApps()).apps,
})

export const platformApp = (app_id: string) =>
  queryOptions({ queryKey: ['platform', app_id], queryFn: () => api.platform.getApp({ app_id }) })

export const templates = (app_id: string) =>
  queryOptions({
    queryKey: ['platform', app_id, 'templates'],
    queryFn: async () => (await api.platform.listTemplates({ app_id })).templates,
  })

export const treasuries = queryOptions({
  queryKey: ['treasury'],
  queryFn: async () => (await api.treasury.list()).treasuries,
})

export const treasury = (treasury_id: string) =>
  queryOptions({ queryKey: ['treasury', treasury_id], queryFn: () => api.treasury.get({ treasury_id }) })

export const proposals = (treasury_id: string) =>
  queryOptions({
    queryKey: ['treasury', treasury_id, 'proposals'],
    queryFn: async () => (await api.treasury.listProposals({ treasury_id, limit: 100 })).proposals,
  })

export const treasuryAccess = (treasury_id: string) =>
  queryOptions({
    queryKey: ['treasury', treasury_id, 'access'],
    queryFn: async () => (await api.treasury.listAccessRequests({ treasury_id })).requests,
  })

export const wallets = queryOptions({
  queryKey: ['wallets'],
  queryFn: async () => (await api.wallets.list()).wallets,
})

export const riskVerdicts = queryOptions({
  queryKey: ['risk', 'verdicts'],
  queryFn: async () => (await api.risk.verdicts()).verdicts,
})

export const riskEvents = queryOptions({
  queryKey: ['risk', 'events'],
  queryFn: async () => (await api.risk.events({ limit: 100 })).events,
})

export const honeytokens = queryOptions({
  queryKey: ['risk', 'honeytokens'],
  queryFn: async () => (await api.risk.honeytokens()).honeytokens,
})

export const subscription = queryOptions({
  queryKey: ['billing'],
  queryFn: () => api.billing.subscription(),
  staleTime: 60_000,
})

export const creditLines = queryOptions({
  queryKey: ['billing', 'credits'],
  queryFn: async () => (await api.billing.transactions({ limit: 20 })).transactions,
})
