import type { Engine } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import type { Reading } from '../../records/index.ts'
import { valueOpens, vaultKeysKind } from '../vaults/index.ts'
import { secretKind, secretVersionKind } from './records.ts'
import { addressOf } from './secret.ts'

/**
 * The result of a check: the value can be decrypted, is damaged, has no key in the HSM, or was deleted with its vault.
 */
export type ValueVerdict = 'opens' | 'damaged' | 'key missing' | 'deleted'

/**
 * Tries to decrypt the value of a version in a storage without an engine. Does not return the value. Throws
 * `key_store_unavailable` if the key store of its vault is away.
 */
export async function checkValue(
  means: Pick<Engine, 'hsm' | 'keyStores' | 'crypto'>,
  reading: Reading,
  org: string,
  versionId: string,
): Promise<ValueVerdict> {
  const version = await reading.get(secretVersionKind, versionId)
  const secret = version && (await reading.get(secretKind, version.secretId))
  if (!secret || !(await reading.get(vaultKeysKind, secret.vaultId))) return 'deleted'
  try {
    const opens = await valueOpens(means, addressOf(org, secret, version.number), version.value)
    return opens ? 'opens' : 'damaged'
  } catch (error) {
    if (!(error instanceof HsmError)) throw error
    if (error.failure === 'key_missing') return 'key missing'
    if (error.failure === 'not_authentic') return 'damaged'
    throw error
  }
}
