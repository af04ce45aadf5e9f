import { queryOptions } from '@tanstack/react-query'
import { api } from './api.ts'

// What the pages ask the server, each with the key that it is kept under. No secret value is ever among it.

const everything = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The person who is signed in. */
export const me = queryOptions({ queryKey: ['me'], queryFn: () => api.auth.me(), staleTime: 60_000 })

/** Vaults of the engine itself, such as the one with the private keys of agents. */
export const isSystemVault = ({ name }: { readonly name: string }) => name.startsWith('__')

/** The vaults that the person sees, those of the engine last. */
export const vaults = queryOptions({
  queryKey: ['vaults'],
  queryFn: async () => {
    const { vaults } = await api.vaults.list()
    return [...vaults.filter((one) => !isSystemVault(one)), ...vaults.filter(isSystemVault)]
  },
})

export const vault = (vault_id: string) =>
  queryOptions({ queryKey: ['vaults', vault_id], queryFn: () => api.vaults.get({ vault_id }) })

/** All secrets of a vault that the person may read, without their values. */
export const secrets = (vault_id: string) =>
  queryOptions({
    queryKey: ['secrets', vault_id],
    queryFn: ({ signal }) => everything(api.secrets.list.each({ vault_id, limit: 1000 }, { signal })),
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

export const agents = queryOptions({
  queryKey: ['agents'],
  queryFn: () => everything(api.agents.list.each({})),
})

export const agent = (agent_id: string) =>
  queryOptions({ queryKey: ['agents', agent_id], queryFn: () => api.agents.get({ agent_id }) })

export const enrolments = queryOptions({
  queryKey: ['enrolments'],
  queryFn: async () => (await api.enrolments.list()).enrollments,
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
