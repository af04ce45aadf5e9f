// Keys of clients (CMEK). They are made in this browser, they never leave it, and a reload forgets them. The format is that
// of docs/client-keys.md: AES-256-GCM, 0x01 | nonce | ciphertext | tag in base64.

const keyBytes = 32
const nonceBytes = 12
const version = 1

/** Keys that the user gave to this tab, by fingerprint. */
const held = new Map<string, CryptoKey>()

/** A new key in base64, and its fingerprint. The server gets only the fingerprint. */
export async function newClientKey(): Promise<{ readonly key: string; readonly fingerprint: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes))
  return { key: toBase64(bytes), fingerprint: await fingerprintOf(bytes) }
}

export function holdsClientKey(fingerprint: string): boolean {
  return held.has(fingerprint)
}

/** Keeps a key for this tab, and returns its fingerprint. Null: the text is not a key. */
export async function holdClientKey(text: string): Promise<string | null> {
  const bytes = bytesOf(text.trim())
  if (bytes?.length !== keyBytes) return null
  const fingerprint = await fingerprintOf(bytes)
  held.set(fingerprint, await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']))
  return fingerprint
}

export async function encryptForClient(fingerprint: string, value: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv },
    keyOf(fingerprint),
    new TextEncoder().encode(value),
  )
  return toBase64(Uint8Array.from([version, ...iv, ...new Uint8Array(sealed)]))
}

export async function decryptForClient(fingerprint: string, blob: string): Promise<string> {
  const bytes = /^(?:[0-9a-f]{2})+$/.test(blob) ? bytesOf(blob) : bytesOf(blob)?.subarray(1)
  const iv = bytes?.slice(0, nonceBytes)
  const data = bytes?.slice(nonceBytes)
  const plain = await crypto.subtle
    .decrypt({ name: 'AES-GCM', iv: iv ?? new Uint8Array() }, keyOf(fingerprint), data ?? new Uint8Array())
    .catch(() => null)
  if (plain === null) throw new ClientKeyProblem('The key of this tab does not open the value.')
  return new TextDecoder().decode(plain)
}

/** The message for the user when a key is missing or wrong. */
export class ClientKeyProblem extends Error {}

function keyOf(fingerprint: string): CryptoKey {
  const key = held.get(fingerprint)
  if (key) return key
  throw new ClientKeyProblem(
    `This value needs the key ${shortFingerprint(fingerprint)}. Enter the key above the list of secrets.`,
  )
}

/** The beginning of a fingerprint, which is enough for people to compare. */
export function shortFingerprint(fingerprint: string): string {
  return `${fingerprint.slice(0, 12)}…`
}

async function fingerprintOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Base64 or hexadecimal digits, as the clients write keys and values. Null: neither. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  }
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  } catch {
    return null
  }
}

/** A key in base64, as the server accepts it, from any form that this dashboard accepts. */
export function keyAsBase64(text: string): string {
  return toBase64(bytesOf(text.trim()) ?? new Uint8Array())
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
