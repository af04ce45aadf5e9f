import type {
  Area,
  ClientOfAreas,
  CreateAgentInput,
  CreatePolicyInput,
  PawlClient,
  PawlOptions,
  PutSecretInput,
} from '@pawl/core'

type Permission = CreatePolicyInput['permissions'][number]

/** The operations, for one caller, with those of the areas that were added. */
export type ClientWith<Areas extends readonly Area[]> = PawlClient & ClientOfAreas<Areas>

/** Secrets by path: a value, or a value with other fields of a secret. */
export type SecretsWanted = Readonly<Record<string, string | Omit<PutSecretInput, 'vault_id' | 'path'>>>

/** The paths that an agent may read, or its permissions with any field of `agents.create`. */
export type AgentWanted =
  | readonly string[]
  | (Omit<CreateAgentInput, 'name' | 'vault_ids'> & {
      /** Patterns by permission: `{ read: ['db/*'], write: ['tmp/**'] }`. */
      readonly can?: Partial<Readonly<Record<Permission, readonly string[]>>>
    })

/** A policy as `policies.create` takes it, for an agent by its name. Default permission: read. */
export interface PolicyWanted<Agent extends string>
  extends Omit<CreatePolicyInput, 'vault_id' | 'secret_path_pattern' | 'permissions' | `principal_${string}`> {
  readonly agent: Agent
  readonly pattern: string
  readonly permissions?: CreatePolicyInput['permissions']
}

export interface LocalVaultOptions<
  Agent extends string = string,
  Vault extends string = string,
  Areas extends readonly Area[] = readonly Area[],
> {
  /** The secrets of a vault that is named `default`. */
  readonly secrets?: SecretsWanted
  /** Several vaults instead, by name. A path without a vault is in the first one; `prod:db/*` is in the vault `prod`. */
  readonly vaults?: { readonly [Name in Vault]: { readonly secrets?: SecretsWanted } }
  readonly agents?: { readonly [Name in Agent]: AgentWanted }
  /** Denials, conditions and expiry times, which `agents` cannot express. */
  readonly policies?: readonly PolicyWanted<NoInfer<Agent>>[]
  /** The same seed gives the same ids and keys, and a clock that begins at 2026-01-01T00:00:00Z. For tests only. */
  readonly seed?: string
  /** The port, on loopback. Default: a free one. */
  readonly port?: number
  /** Origins whose pages may call, for agents in a browser: `*`, or a list. Default: none. */
  readonly origins?: '*' | readonly string[]
  /** Other options of the engine: areas, rate limits, a store. */
  readonly engine?: Partial<Omit<PawlOptions<Areas>, 'clock' | 'random' | 'mailer'>>
}
