import type { KeyType } from '@pawl/core/ports'
import { CKA, CKK, CKM, CKO } from './constants.ts'
import type { Template } from './pkcs11js.ts'
import type { Handle, Recipe, Token } from './token.ts'

export type SigningType = Exclude<KeyType, 'aes-256'>

/** What a key in a token is: a type of the port, and for wrapping keys the way in which they wrap. */
export type Kind = 'gcm' | 'hmac' | SigningType

/** A key of the token, with what was found out about it. */
export interface Key {
  readonly handle: Handle
  readonly kind: Kind
}

export function typeOf(kind: Kind): KeyType {
  return kind === 'gcm' || kind === 'hmac' ? 'aes-256' : kind
}

interface Curve {
  readonly keyType: number
  readonly generate: number
  /** CKA_EC_PARAMS, the way to write it first; tokens made before version 3.0 know some curves by a name. */
  readonly params: readonly [Buffer, ...Buffer[]]
}

const curves: Readonly<Record<SigningType, Curve>> = {
  ed25519: {
    keyType: CKK.EC_EDWARDS,
    generate: CKM.EC_EDWARDS_KEY_PAIR_GEN,
    params: [Buffer.from('06032b6570', 'hex'), Buffer.from('\x13\x0cedwards25519', 'latin1')],
  },
  'p-256': { keyType: CKK.EC, generate: CKM.EC_KEY_PAIR_GEN, params: [Buffer.from('06082a8648ce3d030107', 'hex')] },
  secp256k1: { keyType: CKK.EC, generate: CKM.EC_KEY_PAIR_GEN, params: [Buffer.from('06052b8104000a', 'hex')] },
}

export const signingTypes = Object.keys(curves) as readonly SigningType[]

/** Null for a key of no kind that is used here. */
export function kindOf(token: Token, key: Handle): Kind | null {
  const [objectClass, keyType] = token.read(key, CKA.CLASS, CKA.KEY_TYPE).map((value) => value.readUIntLE(0, 4))
  if (objectClass === CKO.SECRET_KEY) {
    if (token.readIf(key, CKA.VALUE_LEN)?.readUIntLE(0, 4) !== 32) return null
    return keyType === CKK.AES ? 'gcm' : keyType === CKK.GENERIC_SECRET ? 'hmac' : null
  }
  const params = objectClass === CKO.PRIVATE_KEY ? token.readIf(key, CKA.EC_PARAMS) : null
  if (!params) return null
  return signingTypes.find((type) => curves[type].params.some((one) => one.equals(params))) ?? null
}

/** What holds for every key that is made here: it stays in the token, and does one thing. */
const guarded: Template = [
  { type: CKA.TOKEN, value: true },
  { type: CKA.PRIVATE, value: true },
  { type: CKA.SENSITIVE, value: true },
  { type: CKA.EXTRACTABLE, value: false },
  { type: CKA.MODIFIABLE, value: true },
]

/** Each way to make a key of a kind, the best first. */
export function recipesFor(kind: Kind): readonly Recipe[] {
  if (kind === 'gcm') return [secretKey(CKM.AES_KEY_GEN, CKK.AES, { encrypts: true })]
  if (kind === 'hmac') return [secretKey(CKM.GENERIC_SECRET_KEY_GEN, CKK.GENERIC_SECRET, { encrypts: false })]
  const { keyType, generate, params } = curves[kind]
  return params.map((one) => ({
    mechanism: { mechanism: generate },
    key: [...guarded, { type: CKA.KEY_TYPE, value: keyType }, { type: CKA.SIGN, value: true }],
    publicKey: [
      { type: CKA.TOKEN, value: true },
      { type: CKA.PRIVATE, value: false },
      { type: CKA.KEY_TYPE, value: keyType },
      { type: CKA.EC_PARAMS, value: one },
      { type: CKA.VERIFY, value: true },
    ],
  }))
}

function secretKey(mechanism: number, keyType: number, { encrypts }: { readonly encrypts: boolean }): Recipe {
  const uses = [CKA.ENCRYPT, CKA.DECRYPT, CKA.SIGN, CKA.VERIFY, CKA.WRAP, CKA.UNWRAP, CKA.DERIVE]
  const allowed: readonly number[] = encrypts ? [CKA.ENCRYPT, CKA.DECRYPT] : [CKA.SIGN]
  return {
    mechanism: { mechanism },
    key: [
      ...guarded,
      { type: CKA.CLASS, value: CKO.SECRET_KEY },
      { type: CKA.KEY_TYPE, value: keyType },
      { type: CKA.VALUE_LEN, value: 32 },
      ...uses.map((type) => ({ type, value: allowed.includes(type) })),
    ],
  }
}

/** Attributes of a key that could be read out of the token, by name; none when all is well. */
export function leaksOf(token: Token, key: Handle, { isNew }: { readonly isNew: boolean }): string[] {
  const wanted = { SENSITIVE: 1, EXTRACTABLE: 0 }
  const always = { TOKEN: 1, PRIVATE: 1, LOCAL: 1, NEVER_EXTRACTABLE: 1, ALWAYS_SENSITIVE: 1 }
  const all = Object.entries(isNew ? { ...wanted, ...always } : wanted) as [keyof typeof wanted, number][]
  return all.flatMap(([name, value]) => (token.readIf(key, CKA[name])?.[0] === value ? [] : [`CKA_${name}`]))
}
