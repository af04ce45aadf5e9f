import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'

export interface FakeAuthenticatorOptions {
  /** The site that the browser is on. */
  readonly origin: string
  readonly rpId: string
  /** Whether it asks for a fingerprint or a PIN. Default: true. */
  readonly verifiesUser?: boolean
  /** Whether it counts its uses. Default: true. */
  readonly counts?: boolean
  /** The same seed makes the same key, of Ed25519, and the same signatures. Default: a random key of P-256. */
  readonly seed?: string
}

/** What a browser would send: all texts are base64url. */
export interface Attestation {
  readonly credential_id: string
  readonly attestation_object: string
  readonly client_data_json: string
}

export interface Assertion {
  readonly credential_id: string
  readonly authenticator_data: string
  readonly client_data_json: string
  readonly signature: string
}

export interface FakeAuthenticator {
  readonly credentialId: string
  /** Makes its passkey. */
  create(challenge: string): Attestation
  /** Signs a challenge. */
  get(challenge: string): Assertion
  /** A copy with the same key and count, as a thief would have it. */
  copy(): FakeAuthenticator
  /** The same key in a browser on another site. */
  on(site: Partial<FakeAuthenticatorOptions>): FakeAuthenticator
}

const present = 0x01
const verified = 0x04
const attested = 0x40

/**
 * A passkey in software. It does what a security key and a browser do together.
 *
 * @example
 * const key = fakeAuthenticator({ origin: 'http://localhost:8210', rpId: 'localhost' })
 * const { challenge = '' } = await client.factors.beginPasskey()
 * await client.factors.addPasskey(key.create(challenge))
 */
export function fakeAuthenticator(options: FakeAuthenticatorOptions): FakeAuthenticator {
  const { seed } = options
  const pair = seed === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : pairOf(digest(`${seed} key`))
  const id = seed === undefined ? randomBytes(16) : digest(`${seed} id`).subarray(0, 16)
  return authenticator(options, { id, ...pair, uses: 0 })
}

/** The key of Ed25519 with these 32 bytes. */
function pairOf(seed: Buffer): Pick<Held, 'privateKey' | 'publicKey'> {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  const privateKey = createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

function digest(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

interface Held {
  readonly id: Buffer
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  uses: number
}

function authenticator(options: FakeAuthenticatorOptions, held: Held): FakeAuthenticator {
  const { origin, rpId, verifiesUser = true, counts = true } = options
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const data = (flags: number, ...more: readonly Buffer[]) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(counts ? held.uses : 0)
    const all = flags | present | (verifiesUser ? verified : 0)
    return Buffer.concat([digest(rpId), Buffer.from([all]), counter, ...more])
  }
  return {
    credentialId: held.id.toString('base64url'),
    create: (challenge) => {
      const length = Buffer.from([0, held.id.length])
      const authData = data(attested, Buffer.alloc(16), length, held.id, coseKey(held.publicKey))
      return {
        credential_id: held.id.toString('base64url'),
        attestation_object: attestationObject(authData).toString('base64url'),
        client_data_json: clientData('webauthn.create', challenge).toString('base64url'),
      }
    },
    get: (challenge) => {
      held.uses += 1
      const client = clientData('webauthn.get', challenge)
      const authData = data(0)
      const signed = Buffer.concat([authData, digest(client)])
      return {
        credential_id: held.id.toString('base64url'),
        authenticator_data: authData.toString('base64url'),
        client_data_json: client.toString('base64url'),
        signature: sign(hashOf(held), signed, held.privateKey).toString('base64url'),
      }
    },
    copy: () => authenticator(options, { ...held }),
    on: (site) => authenticator({ ...options, ...site }, held),
  }
}

// As much CBOR (RFC 8949) as an authenticator writes.

/** `{ fmt: 'none', attStmt: {}, authData }` */
function attestationObject(authData: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0xa3]),
    cborText('fmt'),
    cborText('none'),
    cborText('attStmt'),
    Buffer.from([0xa0]),
    cborText('authData'),
    cborBytes(authData),
  ])
}

/** Ed25519 includes its own hash. */
function hashOf({ privateKey }: Held): 'sha256' | null {
  return privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256'
}

/** A key for ES256 or EdDSA, in COSE (RFC 9053). */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y } = publicKey.export({ format: 'jwk' })
  if (y === undefined) {
    const ed25519 = Buffer.from([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21])
    return Buffer.concat([ed25519, cborBytes(Buffer.from(x, 'base64url'))])
  }
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21])
  return Buffer.concat([
    head,
    cborBytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, 'base64url')),
  ])
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)])
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x58, bytes.length]), bytes])
}
