import type { Engine } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { transactionKind } from '../intents/index.ts'
import { putDeleted, secretKind } from '../secrets/index.ts'
import { walletAccessKind } from './access-records.ts'
import { findWalletKeysVault } from './keys.ts'
import { walletCountKind, walletKind, walletPath } from './records.ts'

/**
 * Removes the wallets of a person who is gone. Their secrets are deleted like any other and can be restored for a time, because
 * there can be money at their addresses.
 */
export async function dropWallets(
  { records }: Engine,
  { org, id: userId }: { org: string; id: string },
): Promise<void> {
  for (const { id } of await records.reading(org).list(walletKind, 'user', userId)) {
    await dropAll(records, org, transactionKind, 'wallet', id)
  }
  for (const index of ['owner', 'principal']) await dropAll(records, org, walletAccessKind, index, userId)
  const removeOne = (unit: Unit) => {
    const [wallet] = unit.page(walletKind, 'user', { tuple: [userId], limit: 1 })
    if (!wallet) return false
    unit.delete(walletKind, wallet)
    const counted = unit.get(walletCountKind, 'org')
    if (counted) unit.put(walletCountKind, { ...counted, wallets: counted.wallets - 1 })
    const vault = findWalletKeysVault(unit)
    const secret = vault && unit.find(secretKind, 'path', vault.id, walletPath(wallet))
    if (secret && secret.deletedAt === null) putDeleted(unit, secret, records.now())
    return true
  }
  while (await records.transactIn(org, removeOne));
}
