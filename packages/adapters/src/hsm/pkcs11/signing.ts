import { createHash } from 'node:crypto'
import { lowS } from '../ecdsa.ts'
import { CKM } from './constants.ts'
import type { SigningType } from './key-types.ts'
import { TokenError } from './protocol.ts'
import type { Handle, Token } from './token.ts'

/** Ed25519 signs the message itself; the ECDSA types its SHA-256, hashed here, because not every token hashes. */
export function signWith(token: Token, key: Handle, type: SigningType, message: Uint8Array): Uint8Array {
  if (type === 'ed25519') return checked(token.sign(key, CKM.EDDSA, message))
  return lowS(type, checked(token.sign(key, CKM.ECDSA, createHash('sha256').update(message).digest())))
}

/** secp256k1 over these 32 bytes as they are. */
export function signDigestWith(token: Token, key: Handle, digest: Uint8Array): Uint8Array {
  return lowS('secp256k1', checked(token.sign(key, CKM.ECDSA, digest)))
}

function checked(signature: Uint8Array): Uint8Array {
  if (signature.length === 64) return signature
  throw new TokenError('unavailable', 'The token returned a signature of the wrong length.')
}
