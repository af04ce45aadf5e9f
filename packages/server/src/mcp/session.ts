import { defineError, type Operation, type Origin, type Pawl, PawlError, registry } from '@pawl/core'
import { type Lru, uuidPattern } from '@pawl/core/surfaces'
import { defaultVault, listed } from '../derive/default-vault.ts'

/** All that an engine must be to be served to models. */
export type Served = Pick<Pawl, 'perform' | 'registry' | 'settings'>

// biome-ignore lint/suspicious/noExplicitAny: the input is what a model gave, and is parsed by the operation
type Perform = <I, O>(operation: Operation<I, O, any>, input: unknown) => Promise<O>

/** What one request shows of its session. */
export interface Shown {
  readonly origin: Origin
  /** The vault of the session, where it names one. */
  readonly vaultId: string | null
  /** Whether values may be shown. */
  readonly values: boolean
}

/** One request of an agent. There is nothing that outlives it but which vault an agent works in. */
export interface Session {
  readonly agent: { readonly id: string; readonly org: string }
  readonly values: boolean
  perform: Perform
  /**
   * What a client does first. It works in the vault that is the right one by now; and one that it names itself must be open,
   * so that it learns that now and not at the first use of a tool (E16).
   */
  begin(): Promise<void>
  /** The ID of the vault with this name or ID. Default: the vault of the session. */
  vault(named?: string): Promise<string>
}

/** Which vault an agent works in that names none: looked up when it connects, and after it turned out not to do. */
export type Vaults = Lru<string, string>

const noVault = defineError<{ problem: 'none' | 'several' | 'by agents'; names: string[] }>(
  'no_vault',
  'not_found',
  ({ problem, names }) =>
    problem === 'none'
      ? 'You cannot access any vault. Create one with create_vault, or ask a human to grant you access to a vault.'
      : `No vault is chosen for you. Possible vaults: ${listed(names)}. Name one in the argument ` +
        'vault, or let a human set PAWL_VAULT_ID or the header X-Vault-ID.',
)

export const noVaultOfThisName = defineError(
  'no_vault_of_this_name',
  'not_found',
  'vault: must be the name or the ID of a vault that you can access.',
)

/** Throws unless an agent is asking: a model is given no credential of a human. */
export async function openSession(pawl: Served, vaults: Vaults, shown: Shown): Promise<Session> {
  const { origin, vaultId, values } = shown
  const ask: Perform = (operation, input) => pawl.perform(operation, input, origin)
  const agent = await ask(registry.agents.me, {})
  const session: Session = {
    agent: { id: agent.id, org: agent.org_id },
    values,
    begin: async () => {
      vaults.delete(agent.id)
      if (vaultId !== null) await ask(registry.vaults.get, { vault_id: vaultId })
    },
    vault: async (named) => (named === undefined ? (vaultId ?? vaults.get(agent.id) ?? discover()) : find(named)),
    perform: async (operation, input) => {
      try {
        return await ask(operation, input)
      } catch (error) {
        if (error instanceof PawlError && ['denied', 'not_found'].includes(error.kind)) vaults.delete(agent.id)
        throw error
      }
    },
  }

  async function find(named: string): Promise<string> {
    if (uuidPattern.test(named)) return named
    const found = (await session.perform(registry.vaults.list, {})).vaults.find(({ name }) => name === named)
    if (!found) throw noVaultOfThisName()
    return found.id
  }

  /** Remembered for the agent, so that not every tool has to ask. */
  async function discover(): Promise<string> {
    const open = (await session.perform(registry.vaults.list, {})).vaults
    const choice = defaultVault(open, agent.id)
    if (!('vault' in choice)) throw noVault(choice)
    vaults.set(agent.id, choice.vault.id)
    return choice.vault.id
  }

  return session
}
