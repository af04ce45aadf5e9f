import type { Pawl } from '@pawl/core'
import type { AgentWanted, LocalVaultOptions, SecretsWanted } from './options.ts'
import { placeOf } from './places.ts'

type Owner = ReturnType<Pawl['as']>

export interface Furnished {
  readonly owner: Owner
  /** The id of each, by name. */
  readonly vaults: ReadonlyMap<string, string>
  readonly agents: ReadonlyMap<string, { readonly id: string; readonly key: string }>
}

/** Creates the wanted objects in the given order, so that the same seed gives the same IDs. */
export async function furnish(pawl: Pawl, options: LocalVaultOptions): Promise<Furnished> {
  const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
  const owner = pawl.as({ user })
  const { agents: agentsWanted = {}, policies = [] } = options
  const vaults = new Map<string, string>()
  for (const [name, { secrets = {} }] of Object.entries(vaultsWanted(options))) {
    vaults.set(name, await furnishVault(owner, name, secrets))
  }
  const agents = new Map<string, { id: string; key: string }>()
  for (const [name, wanted] of Object.entries(agentsWanted)) agents.set(name, await furnishAgent(owner, name, wanted))
  const places = [...vaults.keys()]
  for (const { agent, pattern, ...rest } of [...grantsOf(agentsWanted), ...policies]) {
    const { vault, path } = placeOf(pattern, places)
    await owner.policies.create({
      permissions: ['read'],
      ...rest,
      vault_id: vaults.get(vault) ?? '',
      secret_path_pattern: path,
      principal_type: 'agent',
      principal_id: required(agents, agent).id,
    })
  }
  return { owner, vaults, agents }
}

function vaultsWanted({ secrets, vaults }: LocalVaultOptions): NonNullable<LocalVaultOptions['vaults']> {
  if (!vaults) return { default: secrets ? { secrets } : {} }
  if (secrets) throw new Error('Say `secrets`, or `vaults` with secrets in each, but not both.')
  return vaults
}

async function furnishVault(owner: Owner, name: string, secrets: SecretsWanted): Promise<string> {
  const { id } = await owner.vaults.create({ name })
  for (const [path, wanted] of Object.entries(secrets)) {
    await owner.secrets.put({ vault_id: id, path, ...(typeof wanted === 'string' ? { value: wanted } : wanted) })
  }
  return id
}

async function furnishAgent(owner: Owner, name: string, wanted: AgentWanted): Promise<{ id: string; key: string }> {
  const { can, ...fields } = inFull(wanted)
  const { agent, api_key } = await owner.agents.create({ ...fields, name })
  return { id: agent.id, key: api_key?.reveal() ?? '' }
}

/** What `agents` says, as policies. */
function grantsOf(agents: Readonly<Record<string, AgentWanted>>): NonNullable<LocalVaultOptions['policies']> {
  return Object.entries(agents).flatMap(([agent, wanted]) =>
    Object.entries(inFull(wanted).can ?? {}).flatMap(([permission, patterns]) =>
      patterns.map((pattern) => ({ agent, pattern, permissions: [permission as 'read'] })),
    ),
  )
}

function inFull(wanted: AgentWanted): Exclude<AgentWanted, readonly string[]> {
  return 'length' in wanted ? { can: { read: wanted } } : wanted
}

/** Throws for an unknown name, so that a typing error is not ignored. */
export function required<T>(agents: ReadonlyMap<string, T>, name: string): T {
  const found = agents.get(name)
  if (!found)
    throw new Error(
      `The agent ${name} does not exist. Agents of this vault: ${[...agents.keys()].join(', ') || 'none'}.`,
    )
  return found
}
