import { defineError, type Operation, type Origin, type Pawl, PawlError, registry } from '@pawl/core'
import { type Lru, uuidPattern } from '@pawl/core/surfaces'
import { defaultVault, listed } from '../derive/default-vault.ts'

/** The parts of an engine that the MCP server needs. */
export type Served = Pick<Pawl, 'perform' | 'registry' | 'settings'>

// biome-ignore lint/suspicious/noExplicitAny: the input is what a model gave, and is parsed by the operation
type Perform = <I, O>(operation: Operation<I, O, any>, input: unknown) => Promise<O>

/** The session settings that one request sends. */
export interface Shown {
  readonly origin: Origin
  /** The vault of the session, if it names one. */
  readonly vaultId: string | null
  /** Whether values may be shown. */
  readonly values: boolean
}

/** One request of an agent. Only the vault of the agent is remembered after it. */
export interface Session {
  readonly agent: { readonly id: string; readonly org: string }
  readonly values: boolean
  perform: Perform
  /**
   * The first call of a client. It looks up the current vault of the agent. A vault that the client names must be accessible,
   * so that the client gets the error now and not at the first use of a tool (E16).
   */
  begin(): Promise<void>
  /** The ID of the vault with this name or ID. Default: the vault of the session. */
  vault(named?: string): Promise<string>
}

/** The default vault of each agent: looked up when the agent connects, and again after the vault did not work. */
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

/** Throws if the caller is not an agent: a model must not use the credential of a human. */
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

  /** Cached for the agent, so that not every tool call looks it up. */
  async function discover(): Promise<string> {
    const open = (await session.perform(registry.vaults.list, {})).vaults
    const choice = defaultVault(open, agent.id)
    if (!('vault' in choice)) throw noVault(choice)
    vaults.set(agent.id, choice.vault.id)
    return choice.vault.id
  }

  return session
}
