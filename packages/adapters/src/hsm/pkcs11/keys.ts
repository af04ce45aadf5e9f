import type { KeyType } from '@pawl/core/ports'
import { CKA, CKM, CKO } from './constants.ts'
import { isStale, isUnable } from './failures.ts'
import { type Key, type Kind, kindOf, leaksOf, recipesFor, type SigningType, typeOf } from './key-types.ts'
import { draftId, keysWith, nameOf } from './names.ts'
import type { Template } from './pkcs11js.ts'
import { rawPoint, verifies } from './point.ts'
import { TokenError, type Wrapping } from './protocol.ts'
import { destroyDraft, destroyIfThere, settle } from './settle.ts'
import { signWith } from './signing.ts'
import type { Handle, Recipe, Token } from './token.ts'
import { gcmWorks } from './wrapping.ts'

/** A key that is being made. */
interface Draft {
  readonly id: Buffer
  readonly key: Handle
}

const attemptsMax = 3

/** The keys of a token by their URIs. A found key is cached until the token no longer has it. */
export class Keys {
  readonly #token: Token
  readonly #found = new Map<string, Key>()
  readonly #publicKeys = new Map<string, Uint8Array>()
  #wrapping: Wrapping | null

  constructor(token: Token, wrapping: Wrapping | null) {
    this.#token = token
    this.#wrapping = wrapping
  }

  /** How new wrapping keys wrap. Found by a trial, because some tokens list AES-GCM and accept only their own IVs. */
  wrapping(): Wrapping {
    this.#wrapping ??= gcmWorks(this.#token) ? 'gcm' : 'hmac'
    return this.#wrapping
  }

  use<T>(uri: string, types: readonly KeyType[], work: (key: Key) => T): T {
    for (let attempt = 1; ; attempt++) {
      try {
        const key = this.#found.get(uri) ?? this.#find(uri)
        const type = typeOf(key.kind)
        if (!types.includes(type)) throw wrongType(uri, type, types)
        return work(key)
      } catch (error) {
        if (!isStale(error) || attempt === attemptsMax) throw error
        this.#forget(uri)
      }
    }
  }

  publicKey(uri: string): Uint8Array {
    return this.use(uri, ['ed25519', 'p-256', 'secp256k1'], ({ handle, kind }) => {
      const known = this.#publicKeys.get(uri) ?? publicHalf(this.#token, uri, handle, kind as SigningType).raw
      this.#publicKeys.set(uri, known)
      return known
    })
  }

  has(uri: string, type: KeyType | null): boolean {
    this.#forget(uri)
    const { own, template } = nameOf(this.#token, uri)
    if ((own || type === null) && this.#all(template).length === 0) return false
    if (type !== null) this.use(uri, [type], () => {})
    return true
  }

  draft(uri: string, type: KeyType): Uint8Array {
    if (!nameOf(this.#token, uri).own) throw new TokenError('wrong_type', `${uri} is not a key of Pawl's.`)
    return this.#draft(uri, type).id
  }

  settle(uri: string, draftId: Uint8Array): Promise<boolean> {
    const { own } = nameOf(this.#token, uri)
    if (!own) throw new TokenError('wrong_type', `${uri} is not a key of Pawl's.`)
    return settle(this.#token, uri, own.id, Buffer.from(draftId))
  }

  destroy(uri: string): void {
    const name = nameOf(this.#token, uri)
    if (!name.own)
      throw new TokenError('wrong_type', `${uri} is not a key of Pawl's. Use the tools of the token to destroy it.`)
    this.#forget(uri)
    for (const key of this.#all(name.template)) {
      const kind = kindOf(this.#token, key)
      const half = kind && typeOf(kind) !== 'aes-256' ? publicHalfIf(this.#token, key, kind as SigningType) : null
      destroyIfThere(this.#token, key)
      if (half) destroyIfThere(this.#token, half.handle)
    }
  }

  #find(uri: string): Key {
    const found = this.#all(nameOf(this.#token, uri).template)
    const [handle] = found
    if (!handle) throw new TokenError('key_missing', `The key ${uri} does not exist.`)
    if (found.length > 1) {
      throw new TokenError('unavailable', `The token holds ${found.length} keys ${uri}. Remove all but one.`)
    }
    const kind = kindOf(this.#token, handle)
    if (!kind) throw new TokenError('wrong_type', `The key ${uri} has a type that Pawl cannot use.`)
    const leaks = leaksOf(this.#token, handle, { isNew: false })
    if (leaks.length > 0) {
      throw new TokenError(
        'wrong_type',
        `The key ${uri} can leave the token (${leaks.join(', ')}), so Pawl does not use it.`,
      )
    }
    const key = { handle, kind }
    this.#found.set(uri, key)
    return key
  }

  /** An unplugged token finds no keys. That must not count as a missing key. */
  #all(template: Template): Handle[] {
    const found = keysWith(this.#token, template)
    if (found.length === 0) this.#token.check()
    return found
  }

  #draft(uri: string, type: KeyType): Draft {
    const draft = generate(this.#token, uri, type === 'aes-256' ? this.wrapping() : type)
    const leaks = leaksOf(this.#token, draft.key, { isNew: true })
    const [id, label] = this.#token.read(draft.key, CKA.ID, CKA.LABEL)
    const isNamed = id?.equals(draft.id) && label?.equals(Buffer.from(uri))
    if (leaks.length === 0 && isNamed) return draft
    destroyDraft(this.#token, draft.id)
    const problem = isNamed ? `that can leave it (${leaks.join(', ')})` : 'under another CKA_ID or CKA_LABEL'
    throw new TokenError('unavailable', `The token created a key ${problem}. Pawl destroyed the key.`)
  }

  #forget(uri: string): void {
    this.#found.delete(uri)
    this.#publicKeys.delete(uri)
  }
}

function generate(token: Token, uri: string, kind: Kind): Draft {
  const recipes = recipesFor(kind)
  for (const [at, recipe] of recipes.entries()) {
    try {
      return generateBy(token, uri, recipe)
    } catch (error) {
      if (!isUnable(error) || at === recipes.length - 1) throw error
    }
  }
  throw new TokenError('unavailable', `The token cannot create ${kind} keys.`)
}

function generateBy({ module, session }: Token, uri: string, { mechanism, key, publicKey }: Recipe): Draft {
  const id = draftId(uri)
  const named = [
    { type: CKA.LABEL, value: uri },
    { type: CKA.ID, value: id },
  ]
  if (!publicKey) {
    return { id, key: module.C_GenerateKey(session, mechanism, [...named, ...key]) }
  }
  const pair = module.C_GenerateKeyPair(session, mechanism, [...named, ...publicKey], [...named, ...key])
  return { id, key: pair.privateKey }
}

interface PublicHalf {
  readonly handle: Handle
  readonly raw: Uint8Array
}

function publicHalf(token: Token, uri: string, key: Handle, type: SigningType): PublicHalf {
  const half = publicHalfIf(token, key, type)
  if (half) return half
  throw new TokenError('wrong_type', `The token holds no public key for ${uri}, so Pawl cannot use the key.`)
}

/** The public key that verifies what the key signs: names alone can be wrong, by accident or on purpose. */
function publicHalfIf(token: Token, key: Handle, type: SigningType): PublicHalf | null {
  const probe = Buffer.from('pawl/hsm/probe')
  const signature = signWith(token, key, type, probe)
  const [id, label] = token.read(key, CKA.ID, CKA.LABEL)
  const isPublic = { type: CKA.CLASS, value: CKO.PUBLIC_KEY }
  for (const named of [id && { type: CKA.ID, value: id }, label && { type: CKA.LABEL, value: label }]) {
    if (!named || named.value.length === 0) continue
    for (const handle of token.find([isPublic, named])) {
      const point = token.readIf(handle, CKA.EC_POINT)
      const raw = point && rawPoint(type, point)
      if (raw && verifies(type, raw, probe, signature)) return { handle, raw }
    }
  }
  return null
}

function wrongType(uri: string, type: KeyType, types: readonly KeyType[]): TokenError {
  return new TokenError('wrong_type', `The key ${uri} has type ${type}. This operation requires ${types.join(' or ')}.`)
}

/** Which signing keys a token can make, by what it says of itself. */
export function signingOf(token: Token): SigningType[] {
  const mechanisms = token.mechanisms()
  const ed25519 = mechanisms.has(CKM.EC_EDWARDS_KEY_PAIR_GEN) && mechanisms.has(CKM.EDDSA)
  const ecdsa = mechanisms.has(CKM.EC_KEY_PAIR_GEN) && mechanisms.has(CKM.ECDSA)
  return [...(ed25519 ? (['ed25519'] as const) : []), ...(ecdsa ? (['p-256', 'secp256k1'] as const) : [])]
}
