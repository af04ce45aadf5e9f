import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto'

const made: KeyPairKeyObjectResult[] = []
let given = 0

/** A key pair of an issuer. It takes 150 ms to make one, so a process makes four and gives them in turn. */
export function rsaKeys(): KeyPairKeyObjectResult {
  const at = given++ % 4
  made[at] ??= generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return made[at]
}
