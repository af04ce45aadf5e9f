import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { internalError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { type Engine, perEngine } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

// Tokens for other services are signed with RS256, because most of them take nothing else. The port of the HSM has no RSA
// keys. So the key pair is a record, encrypted like every record under the keys of the HSM, and in memory while it signs.

/** The public part, as other services read it. */
export interface RsaPublicKey {
  readonly kid: string
  readonly n: string
  readonly e: string
}

interface FederationKey extends RsaPublicKey {
  /** Null for a key that signs no more. Its public part stays, so its tokens stay valid. */
  readonly privateKey: Readonly<Record<string, Json>> | null
}

/** The key pairs for tokens of other services, oldest first. The last one signs. */
export const federationKeysKind = kind<{ readonly id: 'main'; readonly keys: readonly FederationKey[] }>(
  'federationKeys',
  { scope: 'global' },
)

/** If more rotations happen within an hour, the tokens of the oldest key end early. */
const keysKeptMax = 8
const modulusBits = 2_048

type SigningKey = Exclude<Awaited<ReturnType<typeof importJWK>>, Uint8Array>

interface Held {
  signing: { readonly kid: string; readonly key: SigningKey } | null
  /** One engine makes one key pair at a time. */
  making: Promise<FederationKey> | null
}

const held = perEngine<Held>(
  () => ({ signing: null, making: null }),
  (state) => {
    state.signing = null
  },
)

/** Signs tokens for other services. */
export const federationKeys = perEngine((engine) => ({
  /** The public keys whose tokens may still be valid. Empty until the first token is signed. */
  published: async (): Promise<readonly RsaPublicKey[]> =>
    (await keysOf(engine)).map(({ kid, n, e }) => ({ kid, n, e })),
  sign: (claims: Readonly<Record<string, Json>>) => sign(engine, claims),
}))

async function sign(engine: Engine, claims: Readonly<Record<string, Json>>): Promise<string> {
  const { kid, key } = await signingKey(engine)
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(key)
}

async function signingKey(engine: Engine): Promise<{ kid: string; key: SigningKey }> {
  const keys = await keysOf(engine)
  const { kid, privateKey } = keys[keys.length - 1] ?? (await firstKey(engine))
  const state = held(engine)
  if (state.signing?.kid === kid) return state.signing
  const key = await importJWK(privateKey as JWK, 'RS256')
  if (key instanceof Uint8Array) throw internalError()
  state.signing = { kid, key }
  return state.signing
}

async function keysOf({ records }: Engine): Promise<readonly FederationKey[]> {
  return (await records.reading().get(federationKeysKind, 'main'))?.keys ?? []
}

/** Another engine on the same storage may be faster. Then its key counts. */
async function firstKey(engine: Engine): Promise<FederationKey> {
  const made = await newKey(engine)
  return engine.records.transact((unit) => {
    const [other] = (unit.get(federationKeysKind, 'main')?.keys ?? []).slice(-1)
    if (!other) unit.put(federationKeysKind, { id: 'main', keys: [made] })
    return other ?? made
  })
}

function newKey(engine: Engine): Promise<FederationKey> {
  const state = held(engine)
  state.making ??= makeKey(engine).finally(() => {
    state.making = null
  })
  return state.making
}

async function makeKey({ newId }: Engine): Promise<FederationKey> {
  const pair = await generateKeyPair('RS256', { modulusLength: modulusBits, extractable: true })
  const privateKey = await exportJWK(pair.privateKey)
  const { n, e } = privateKey
  if (!n || !e) throw internalError()
  return { kid: newId(), n, e, privateKey: privateKey as Readonly<Record<string, Json>> }
}

/** Creates a new key pair if there is one, and forgets the private parts of the old ones. */
export async function rotateFederationKey(engine: Engine): Promise<void> {
  if ((await keysOf(engine)).length === 0) return
  const made = await newKey(engine)
  await engine.records.transact((unit) => {
    const former = (unit.get(federationKeysKind, 'main')?.keys ?? []).map((key) => ({ ...key, privateKey: null }))
    unit.put(federationKeysKind, { id: 'main', keys: [...former, made].slice(-keysKeptMax) })
  })
  held(engine).signing = null
}
