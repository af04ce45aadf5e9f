import type { Context } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { putDeleted, secretKind, storeVersion } from '../secrets/index.ts'
import { ensureSystemVault, findSystemVault, type Vault } from '../vaults/index.ts'
import type { Identity } from './identity.ts'

// The private keys of agents are ordinary secrets in a vault without an owner. Owners and admins of the organisation
// can open it. All other callers, including agents, need a policy.

const vaultName = 'agent-keys'

const sshPath = (agentId: string) => `agents/${agentId}/ssh/private_key`
const ecdhPath = (agentId: string) => `agents/${agentId}/ecdh/private_key`

export function findAgentKeysVault(unit: Unit): Vault | null {
  return findSystemVault(unit, vaultName)
}

/**
 * Returns the vault of agent keys. Creates it in the same unit if it does not exist. Call this once per unit, because a
 * unit does not find records that it has put itself.
 */
export function agentKeysVault(context: Context): Vault {
  return ensureSystemVault(context, vaultName, 'Private keys of agents')
}

/** Stages the private keys of an agent as new versions. */
export function keepIdentity(
  context: Context,
  agentId: string,
  { ssh, ecdh }: Identity,
  { id: vaultId } = agentKeysVault(context),
): void {
  storeVersion(context, { vaultId, path: sshPath(agentId), value: ssh.privateKey, type: 'ssh_key' })
  storeVersion(context, { vaultId, path: ecdhPath(agentId), value: ecdh.privateKey, type: 'private_key' })
}

/** Stages the deletion of the private keys of an agent. Like every deleted secret, they can be restored. */
export function dropIdentity(unit: Unit, agentId: string, now: number): void {
  const vault = findAgentKeysVault(unit)
  if (!vault) return
  for (const path of [sshPath(agentId), ecdhPath(agentId)]) {
    const secret = unit.find(secretKind, 'path', vault.id, path)
    if (secret && secret.deletedAt === null) putDeleted(unit, secret, now)
  }
}
