import type { Area, Pawl } from '@pawl/core'
import type { Message } from '@pawl/core/ports'
import type { manualClock } from '@pawl/core/ports/reference'
import type { FakeChain, FakeChainOptions, FakeModel, FakeModelOptions } from '../fakes/index.ts'
import type { Act } from './activity.ts'
import type { ClientWith } from './options.ts'

export interface LocalVault<
  Agent extends string = string,
  Vault extends string = string,
  Areas extends readonly Area[] = readonly [],
> extends AsyncDisposable {
  /** The base URL for a client. Models find their tools below it, at `/mcp`. */
  readonly url: string
  /** The first of the vaults. */
  readonly vaultId: string
  readonly vaults: { readonly [Name in Vault]: { readonly id: string } }
  readonly agents: { readonly [Name in Agent]: LocalAgent<Areas> }
  readonly pawl: Pawl<ClientWith<Areas>>
  /** The owner, in this process. */
  readonly owner: ClientWith<Areas>
  /** The clock of the engine and of HTTP. It moves only when the test advances it. */
  readonly clock: ReturnType<typeof manualClock>
  /** The sent mail. The vault first runs all due jobs. */
  readonly outbox: { to(address: string): Promise<readonly Message[]> }
  /** Starts an EVM node that the vault closes with itself; nothing on it is worth anything. */
  chain(options?: FakeChainOptions): Promise<FakeChain>
  /** Starts a fake language model that sends the replies of the test, and records the requests. */
  model(options: FakeModelOptions): Promise<FakeModel>
  /**
   * Throws unless each agent has read what is expected of it, and neither did nor tried anything else. Expected are paths
   * or patterns; an agent that is not named is expected to have done nothing. The message shows paths, never a value.
   *
   * @example
   * await vault.assertOnlyRead({ reporter: ['db/password'] }, { also: ['secret.list'] })
   */
  assertOnlyRead(
    expected: { readonly [Name in Agent]?: readonly string[] },
    options?: { readonly also?: readonly string[] },
  ): Promise<void>
  close(): Promise<void>
}

export interface LocalAgent<Areas extends readonly Area[] = readonly []> {
  readonly id: string
  /** Its API key; empty when it signs in by other means. */
  readonly key: string
  /** The agent, in this process. */
  readonly client: ClientWith<Areas>
  /** The environment for the process of an agent. */
  readonly env: Readonly<Record<string, string>>
  /** What the agent did and tried so far, through every surface, in order. */
  readonly activity: () => Promise<Act[]>
}
