import {
  type Area,
  type ClientOfAreas,
  type CreateAgentInput,
  type CreatePolicyInput,
  createPawl,
  type KeyStoresGiven,
  type Pawl,
  type PawlClient,
  type PawlOptions,
} from '@pawl/core'
import type { Chains, Hsm } from '@pawl/core/ports'
import {
  type MemoryBilling,
  type MemoryChain,
  type MemoryFacilitator,
  manualClock,
  memoryBilling,
  memoryChain,
  memoryFacilitator,
  memoryHsm,
  memoryMailer,
  seededRandom,
} from '@pawl/core/ports/reference'
import { exampleProviders, withExampleIssuer } from '../fakes/example-issuer.ts'
import { loopbackEgress } from '../fakes/loopback-egress.ts'
import { fakeMoney } from '../fakes/money.ts'
import { worldDefaults } from './defaults.ts'
import { watchedStorage } from './watched-storage.ts'

type NewAgent = Partial<CreateAgentInput>
type NewPolicy = Omit<CreatePolicyInput, 'secret_path_pattern' | `principal_${string}`>

/** An agent as a test wants it: its own fields, and what it may do. */
export interface AgentWanted extends NewAgent {
  /** The vault of the policies that name none. Without policies, the agent may read everything in it. */
  readonly vault?: string
  readonly policies?: readonly (Partial<NewPolicy> & { readonly pattern: string })[]
}

export interface WorldAgent<Client extends PawlClient = PawlClient> {
  readonly id: string
  /** Its API key; empty when it signs in by other means. */
  readonly key: string
  readonly as: Client
}

export interface World<Client extends PawlClient = PawlClient> extends AsyncDisposable {
  readonly pawl: Pawl<Client>
  readonly clock: ReturnType<typeof manualClock>
  readonly mail: ReturnType<typeof memoryMailer>
  readonly hsm: Hsm
  /** The payment provider. */
  readonly billing: MemoryBilling
  /** The key stores of the first organisation. Default: `acme` and `globex`. */
  readonly keyStores: KeyStoresGiven
  /** The EVM chain with this name, in memory. Default: every registered chain has a node. */
  chain(name: string): MemoryChain
  /** The default x402 facilitator, at every URL. It moves no real money. */
  readonly facilitator: MemoryFacilitator
  /** How many records of each kind the store holds. */
  storedKinds(): Readonly<Record<string, number>>
  /** The first organisation and the user who owns it. */
  readonly org: string
  readonly owner: Client
  readonly ownerId: string
  /** Another user of the same organisation; without a role, a member. */
  member(wanted?: { role?: 'owner' | 'admin' | 'member' }): Promise<{ id: string; as: Client }>
  /** Another organisation, whose owner has no business here. */
  otherOrg(): Promise<{ org: string; ownerId: string; owner: Client }>
  /** An agent of the owner's. Without a word about it, it may do nothing. */
  agent(wanted?: AgentWanted): Promise<WorldAgent<Client>>
  close(): Promise<void>
}

export interface WorldOptions<Areas extends readonly Area[] = readonly Area[]> extends Partial<PawlOptions<Areas>> {
  /** The same seed gives the same ids and keys. */
  readonly seed?: string
  /** Told the kind of every record that is about to be stored; what it throws, the store throws. */
  readonly onCommit?: (kind: string) => void
}

/** Nothing is limited, and other tiers can be bought. */
const exampleTiers = {
  default: 'enterprise',
  tiers: { enterprise: {}, pro: { prices: { monthly: 'price_pro_monthly', yearly: 'price_pro_yearly' } } },
  model_tokens_price: 'price_model_tokens',
} as const

/** What a hash of a password costs in a test: as good as nothing. */
export const cheapPasswords = { memoryKib: 8, passes: 1, lanes: 1 }

/**
 * A whole vault in memory, with a clock that stands still until it is turned, and an owner.
 *
 * @example
 * await using world = await testPawl()
 * const vault = await world.owner.vaults.create({ name: 'prod' })
 */
export async function testPawl<const Areas extends readonly Area[] = readonly []>(
  options: WorldOptions<Areas> = {},
): Promise<World<PawlClient & ClientOfAreas<Areas>>> {
  const { seed = 'pawl', onCommit = () => {}, ...rest } = options
  const given = { ...worldDefaults, ...rest }
  const clock = manualClock('2026-01-01T00:00:00Z')
  const mail = memoryMailer()
  const billing = memoryBilling()
  const random = seededRandom(seed)
  const ownHsm = () => memoryHsm({ random, ...(given.crypto && { crypto: given.crypto }) })
  const hsm = given.hsm ?? ownHsm()
  const keyStores = given.keyStores ?? { acme: ownHsm(), globex: ownHsm() }
  const { storage, storedKinds } = watchedStorage(onCommit)
  const { chains, chain } = memoryChains()
  const facilitator = memoryFacilitator()
  const pawl = await createPawl({
    storage,
    hsm,
    keyStores,
    random,
    clock,
    mailer: mail,
    billing,
    chains,
    facilitators: () => facilitator,
    moneyServices: fakeMoney().services,
    background: false,
    rateLimits: false,
    checkOutputs: 'always',
    passwordCost: cheapPasswords,
    tiers: exampleTiers,
    signUp: 'open',
    identityProviders: exampleProviders,
    ...given,
    egress: withExampleIssuer(given.egress ?? loopbackEgress()),
  })
  const { user, org } = await pawl.firstOwner({ email: 'owner@example.com' })
  let people = 0
  return {
    pawl,
    clock,
    mail,
    billing,
    hsm,
    keyStores,
    chain,
    facilitator,
    storedKinds,
    org,
    ownerId: user,
    owner: pawl.as({ user }),
    member: async ({ role = 'member' } = {}) => {
      const email = `${role}-${++people}@example.com`
      const { id } = await pawl.as({ user }).orgs.addMember({ email, role })
      return { id, as: pawl.as({ user: id }) }
    },
    otherOrg: async () => {
      const other = await pawl.addOrg({ email: `owner-${++people}@example.org` })
      return { org: other.org, ownerId: other.user, owner: pawl.as({ user: other.user }) }
    },
    agent: async (wanted = {}) => {
      const owner = pawl.as({ user })
      const { vault, policies = vault ? [{ pattern: '**' }] : [], ...fields } = wanted
      const { agent, api_key } = await owner.agents.create({ name: 'agent', ...fields })
      const principal = { principal_type: 'agent', principal_id: agent.id } as const
      const usual = { vault_id: vault ?? '', permissions: ['read'] satisfies NewPolicy['permissions'] }
      for (const { pattern, ...policy } of policies) {
        await owner.policies.create({ ...usual, ...policy, ...principal, secret_path_pattern: pattern })
      }
      return { id: agent.id, key: api_key?.reveal() ?? '', as: pawl.as({ agent: agent.id }) }
    },
    close: () => pawl.close(),
    [Symbol.asyncDispose]: () => pawl.close(),
  }
}

/** A chain in memory for each EVM chain of the registry, made when it is first asked for. */
function memoryChains(): { readonly chains: Chains; chain(name: string): MemoryChain } {
  const made = new Map<string, MemoryChain>()
  const chains: Chains = ({ name, family, chainId }) => {
    if (family !== 'evm' || chainId === null) return null
    const known = made.get(name) ?? memoryChain({ name, chainId })
    made.set(name, known)
    return known
  }
  const chain = (name: string) => {
    const known = made.get(name)
    if (!known) throw new Error(`nothing has asked for the chain ${name} yet`)
    return known
  }
  return { chains, chain }
}
