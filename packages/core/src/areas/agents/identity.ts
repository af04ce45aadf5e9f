import { base64, wipe } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Services } from '../../operations/index.ts'

/** The two key pairs of an agent, as base64: Ed25519 for SSH sign-in, P-256 for key agreement. */
export interface Identity {
  /** 32 bytes each. */
  readonly ssh: { readonly privateKey: Secret<string>; readonly publicKey: string }
  /** A scalar of 32 bytes, and the uncompressed point of 65 bytes. */
  readonly ecdh: { readonly privateKey: Secret<string>; readonly publicKey: string }
}

export function newIdentity({ crypto, random }: Pick<Services, 'crypto' | 'random'>): Identity {
  const seed = random.bytes(32)
  const ssh = { privateKey: Secret.of(base64(seed)), publicKey: base64(crypto.ed25519PublicKey(seed)) }
  wipe(seed)
  return { ssh, ecdh: newEcdh({ crypto, random }) }
}

/** A random number of 256 bits is out of range about once in 2^32 tries. */
const triesMax = 16

function newEcdh({ crypto, random }: Pick<Services, 'crypto' | 'random'>): Identity['ecdh'] {
  for (let tries = 0; tries < triesMax; tries++) {
    const scalar = random.bytes(32)
    const point = crypto.p256PublicKey(scalar)
    if (!point) continue
    const pair = { privateKey: Secret.of(base64(scalar)), publicKey: base64(point) }
    wipe(scalar)
    return pair
  }
  throw internalError()
}
