import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { fromBase64, fromBase64url, hex, utf8 } from '../../kernel/bytes.ts'

// The public keys that phones make: P-256 (Secure Enclave, Android Keystore) and Ed25519, as SubjectPublicKeyInfo. The bytes
// before the key say its kind. They have one form, so comparing them is the whole parser.

const kinds = {
  p256: { head: '3059301306072a8648ce3d020106082a8648ce3d030107034200', keyBytes: 65 },
  ed25519: { head: '302a300506032b6570032100', keyBytes: 32 },
} as const

interface PublicKey {
  readonly kind: keyof typeof kinds
  readonly bytes: Uint8Array
}

/** Null if the text is no public key of these kinds. */
export function parsePublicKey(pem: string): PublicKey | null {
  const body = /^\s*-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(pem)?.[1]
  const der = body === undefined ? null : fromBase64(body.replace(/\s/g, ''))
  if (!der) return null
  for (const kind of ['p256', 'ed25519'] as const) {
    const { head, keyBytes } = kinds[kind]
    const bytes = der.slice(head.length / 2)
    if (bytes.length === keyBytes && hex(der).startsWith(head)) return isOnCurve(kind, bytes) ? { kind, bytes } : null
  }
  return null
}

function isOnCurve(kind: PublicKey['kind'], bytes: Uint8Array): boolean {
  return kind === 'p256' ? p256.utils.isValidPublicKey(bytes, false) : ed25519.utils.isValidPublicKey(bytes)
}

/** Whether the key signed the text. The signature is base64 or base64url; of P-256, in DER or as two numbers. */
export function isSignedBy(pem: string, text: string, signature: string): boolean {
  const key = parsePublicKey(pem)
  const bytes = fromBase64url(signature) ?? fromBase64(signature)
  if (!key || !bytes) return false
  try {
    if (key.kind === 'ed25519') return ed25519.verify(bytes, utf8(text), key.bytes)
    const format = bytes.length === 64 ? 'compact' : 'der'
    return p256.verify(bytes, utf8(text), key.bytes, { format, lowS: false })
  } catch {
    // A signature in another form.
    return false
  }
}
