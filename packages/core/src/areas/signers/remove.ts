import type { Engine } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { findAgentKeysVault } from '../agents/index.ts'
import { putDeleted, secretKind } from '../secrets/index.ts'
import { keyPath, signingKeyKind } from './records.ts'

/**
 * Removes the signing keys of a deleted agent. Their secrets are deleted like any other and can be restored for a time,
 * because there can be money at their addresses. Keys in the key store stay there.
 */
export async function dropKeys({ records }: Engine, { org, id: agentId }: { org: string; id: string }): Promise<void> {
  const removeOne = (unit: Unit) => {
    const [key] = unit.page(signingKeyKind, 'agent', { tuple: [agentId], limit: 1 })
    if (!key) return false
    unit.delete(signingKeyKind, key)
    const vault = findAgentKeysVault(unit)
    const secret = vault && unit.find(secretKind, 'path', vault.id, keyPath(agentId, key.chain))
    if (secret && secret.deletedAt === null) putDeleted(unit, secret, records.now())
    return true
  }
  while (await records.transactIn(org, removeOne));
}
