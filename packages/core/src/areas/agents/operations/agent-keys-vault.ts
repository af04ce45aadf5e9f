import { nilUuid } from '../../../kernel/ids.ts'
import { type Context, type Principal, signedIn } from '../../../operations/index.ts'
import type { Unit } from '../../../records/index.ts'
import { secretKind, storeVersion } from '../../secrets/index.ts'
import { newVault, systemPrefix, type Vault, vaultKind, vaultNameTaken } from '../../vaults/index.ts'
import type { Identity } from '../identity.ts'
import { actorOf, agentEvent } from './agent-event.ts'

// The private halves of what agents are known by are secrets like others, in a vault that belongs to nobody: owners and
// admins may open it, and everybody else, agents among them, needs a policy.

const vaultName = `${systemPrefix}agent-keys`
const nobody: Principal = { kind: 'user', id: nilUuid }

const sshPath = (agentId: string) => `agents/${agentId}/ssh/private_key`
const ecdhPath = (agentId: string) => `agents/${agentId}/ecdh/private_key`

export function findAgentKeysVault(unit: Unit): Promise<Vault | null> {
  return unit.find(vaultKind, 'name', vaultName)
}

/** The vault, which is made when there is none. */
export async function agentKeysVault(context: Context): Promise<Vault> {
  return (await findAgentKeysVault(context.unit)) ?? (await makeVault(context))
}

/** Stages the private keys of an agent as new versions. */
export async function keepIdentity(context: Context, agentId: string, { ssh, ecdh }: Identity): Promise<void> {
  const { id: vaultId } = await agentKeysVault(context)
  await storeVersion(context, { vaultId, path: sshPath(agentId), value: ssh.privateKey, type: 'ssh_key' })
  await storeVersion(context, { vaultId, path: ecdhPath(agentId), value: ecdh.privateKey, type: 'private_key' })
}

/** In a commit of its own, because a value can only be sealed for a vault whose keys are stored. */
async function makeVault(context: Context): Promise<Vault> {
  const wanted = { name: vaultName, description: 'Private keys of agents', createdBy: nobody }
  try {
    return await context.engine.records.transact(async (unit) => {
      unit.enter(signedIn(context).org)
      const vault = await newVault({ ...context, unit }, wanted)
      unit.audit(agentEvent(actorOf(context), 'vault.create', { type: 'vault', id: vault.id }, { name: vaultName }))
      return vault
    })
  } catch (error) {
    // Somebody else was making a first agent at the same moment.
    const other = vaultNameTaken.is(error) ? await findAgentKeysVault(context.unit) : null
    if (!other) throw error
    return other
  }
}

/** Stages the end of an agent's private keys. Like every deleted secret they can be brought back, and until then not read. */
export async function dropIdentity(unit: Unit, agentId: string, now: number): Promise<void> {
  const vault = await findAgentKeysVault(unit)
  if (!vault) return
  for (const path of [sshPath(agentId), ecdhPath(agentId)]) {
    const secret = await unit.find(secretKind, 'path', vault.id, path)
    if (secret && secret.deletedAt === null) unit.put(secretKind, { ...secret, deletedAt: now })
  }
}
