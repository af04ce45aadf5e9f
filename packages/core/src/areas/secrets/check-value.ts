import type { Engine } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import type { Reading } from '../../records/index.ts'
import { valueOpens, vaultKeysKind } from '../vaults/index.ts'
import { secretKind, secretVersionKind } from './records.ts'
import { addressOf } from './secret.ts'

/** What became of a value: it opens, it does not, its key is not in the HSM, or it was deleted with its vault. */
export type ValueVerdict = 'opens' | 'damaged' | 'key missing' | 'deleted'

/** Tries to open the value of a version, in a store without an engine. It reads nothing of it. */
export async function checkValue(
  means: Pick<Engine, 'hsm' | 'crypto'>,
  reading: Reading,
  org: string,
  versionId: string,
): Promise<ValueVerdict> {
  const version = await reading.get(secretVersionKind, versionId)
  const secret = version && (await reading.get(secretKind, version.secretId))
  if (!secret || !(await reading.get(vaultKeysKind, secret.vaultId))) return 'deleted'
  try {
    const opens = await valueOpens(means, reading, addressOf(org, secret, version.number), version.key)
    return opens ? 'opens' : 'damaged'
  } catch (error) {
    if (!(error instanceof HsmError)) throw error
    if (error.failure === 'key_missing') return 'key missing'
    if (error.failure === 'not_authentic') return 'damaged'
    throw error
  }
}
