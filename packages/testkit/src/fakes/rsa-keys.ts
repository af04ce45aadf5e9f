import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto'

const made: KeyPairKeyObjectResult[] = []
let given = 0

/** A key pair of an issuer. A new pair takes 150 ms, so a process makes four pairs and uses them in turn. */
export function rsaKeys(): KeyPairKeyObjectResult {
  const at = given++ % 4
  made[at] ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return made[at]
}
