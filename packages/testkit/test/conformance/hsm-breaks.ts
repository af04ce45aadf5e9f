import {
  concat,
  type DigestSigning,
  equalBytes,
  type Hsm,
  HsmError,
  hex,
  type Portable,
  type RotatingRoot,
  type Sealable,
  utf8,
} from '@pawl/core/ports'
import { memoryHsm, nobleCrypto } from '@pawl/core/ports/reference'
import { curves } from '../../src/conformance/hsm/ecdsa.ts'
import type { OpenedHsm } from '../../src/conformance/hsm.ts'

// HSMs that are wrong in one way each, and the case of the suite that says so. They are the proof that the suite is worth
// running: a promise that can be broken without a red case is not tested.

export type Full = Hsm & DigestSigning & Sealable & RotatingRoot & Portable
export type Break = (hsm: Full) => Full

/** What is wrong, how, and the title of the case that must find it. */
export type Fault = readonly [what: string, broken: Break, foundBy: string]

const secrets = [utf8('the secret now'), utf8('the secret next')] as const

/** A correct HSM with every ability: the reference, behind a door. Its image is a list of the keys it has. */
export function lastingHsm(broken: Break = (hsm) => hsm): OpenedHsm {
  const memory = memoryHsm()
  const uris = new Set<string>()
  let secret: Uint8Array = secrets[0]
  let sealed = false
  const door = async <T>(work: () => Promise<T>): Promise<T> => {
    if (sealed) throw new HsmError('sealed', 'sealed')
    return work()
  }
  const open = (given = secret): Full => {
    if (!equalBytes(given, secret)) throw new HsmError('not_authentic', 'wrong secret')
    sealed = false
    return broken({
      provider: memory.provider,
      createKey: (uri, type) =>
        door(async () => {
          await memory.createKey(uri, type)
          uris.add(uri)
        }),
      publicKey: (uri) => door(() => memory.publicKey(uri)),
      sign: (uri, message) => door(() => memory.sign(uri, message)),
      signDigest: (uri, digest) => door(() => memory.signDigest(uri, digest)),
      wrap: (uri, plaintext, associated) => door(() => memory.wrap(uri, plaintext, associated)),
      unwrap: (uri, wrapped, associated) => door(() => memory.unwrap(uri, wrapped, associated)),
      destroyKey: (uri) =>
        door(async () => {
          uris.delete(uri)
          await memory.destroyKey(uri)
        }),
      image: () => door(async () => utf8(JSON.stringify([...uris]))),
      status: async () => (sealed ? 'sealed' : 'ok'),
      close: () => memory.close(),
      seal: async () => {
        sealed = true
      },
      unseal: async (tried) => {
        if (!equalBytes(tried, secret)) throw new HsmError('not_authentic', 'wrong secret')
        sealed = false
      },
      rotateRoot: (next) =>
        door(async () => {
          if (next.length === 0) throw new RangeError('empty')
          secret = next
        }),
    })
  }
  const elsewhere = (image: Uint8Array, given = secret): Hsm => {
    if (!equalBytes(given, secret)) throw new HsmError('not_authentic', 'wrong secret')
    return limitedTo(JSON.parse(new TextDecoder().decode(image)), memory)
  }
  return { hsm: open(), again: open, secrets, elsewhere }
}

/** An HSM that shares these keys with another, and has its own beside them. */
function limitedTo(uris: readonly string[], shared: Hsm): Hsm {
  const own = memoryHsm()
  const having = (uri: string) => (uris.includes(uri) ? shared : own)
  return {
    ...own,
    publicKey: (uri) => having(uri).publicKey(uri),
    wrap: (uri, plaintext, associated) => having(uri).wrap(uri, plaintext, associated),
    unwrap: (uri, wrapped, associated) => having(uri).unwrap(uri, wrapped, associated),
  }
}

/** Replaces what is thrown. */
function failing(change: (error: unknown) => unknown): Break {
  const rethrow = (error: unknown) => {
    throw change(error)
  }
  return (hsm) => ({
    ...hsm,
    createKey: (uri, type) => hsm.createKey(uri, type).catch(rethrow),
    publicKey: (uri) => hsm.publicKey(uri).catch(rethrow),
    sign: (uri, message) => hsm.sign(uri, message).catch(rethrow),
    wrap: (uri, plaintext, associated) => hsm.wrap(uri, plaintext, associated).catch(rethrow),
    unwrap: (uri, wrapped, associated) => hsm.unwrap(uri, wrapped, associated).catch(rethrow),
  })
}

const saying = (from: string, to: HsmError['failure']) =>
  failing((error) => (error instanceof HsmError && error.failure === from ? new HsmError(to, 'wrong') : error))

/** Calls the HSM under another URI. */
function naming(rename: (uri: string) => string): Break {
  return (hsm) => ({
    ...hsm,
    createKey: (uri, type) => hsm.createKey(rename(uri), type),
    publicKey: (uri) => hsm.publicKey(rename(uri)),
    sign: (uri, message) => hsm.sign(rename(uri), message),
    wrap: (uri, plaintext, associated) => hsm.wrap(rename(uri), plaintext, associated),
    unwrap: (uri, wrapped, associated) => hsm.unwrap(rename(uri), wrapped, associated),
    destroyKey: (uri) => hsm.destroyKey(rename(uri)),
  })
}

/** Binds to something else than the associated data. */
function binding(change: (associated: Uint8Array) => Uint8Array): Break {
  return (hsm) => ({
    ...hsm,
    wrap: (uri, plaintext, associated) => hsm.wrap(uri, plaintext, change(associated)),
    unwrap: (uri, wrapped, associated) => hsm.unwrap(uri, wrapped, change(associated)),
  })
}

const creating = (createKey: (hsm: Full, ...args: Parameters<Full['createKey']>) => Promise<void>): Break => {
  return (hsm) => ({ ...hsm, createKey: (uri, type) => createKey(hsm, uri, type) })
}

const wrapping = (wrap: (hsm: Full, ...args: Parameters<Full['wrap']>) => Promise<Uint8Array>): Break => {
  return (hsm) => ({ ...hsm, wrap: (uri, plaintext, associated) => wrap(hsm, uri, plaintext, associated) })
}

const unwrapping = (unwrap: (hsm: Full, ...args: Parameters<Full['unwrap']>) => Promise<Uint8Array>): Break => {
  return (hsm) => ({ ...hsm, unwrap: (uri, wrapped, associated) => unwrap(hsm, uri, wrapped, associated) })
}

const signing = (sign: (hsm: Full, ...args: Parameters<Full['sign']>) => Promise<Uint8Array>): Break => {
  return (hsm) => ({ ...hsm, sign: (uri, message) => sign(hsm, uri, message) })
}

const asBytes = (value: unknown) => (value instanceof Uint8Array ? value : utf8(String(value)))
const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

const isMissing = async (hsm: Full, uri: string) => {
  const failure = await hsm.publicKey(uri).then(
    () => null,
    (error) => error,
  )
  return failure instanceof HsmError && failure.failure === 'key_missing'
}

const first = 'has a short name, and says that its keys can be used'
const uris = 'takes URIs as they are: case, dots and endings matter'
const bitFlips = 'unwraps nothing after any single bit was flipped: not_authentic'
const cuts = 'unwraps nothing that was cut, made longer or made up: not_authentic'
const bound = 'unwraps nothing that was bound to other associated data: not_authentic'
const missing = 'has no key that was not made: key_missing, and none is made by asking'
const destroyed = 'destroys a key: key_missing from then on, and again is fine'
const sealedDoor = 'is sealed: it says so, and nothing can be done with its keys'
const wrongSecret = 'comes back with the secret, and with no other: not_authentic'
const p256Signs = 'p-256 keys sign messages of any length, as another implementation verifies'

export const faults: readonly Fault[] = [
  ['has a long name', (hsm) => ({ ...hsm, provider: 'The HSM in the cellar' }), first],
  ['never says that it is ok', (hsm) => ({ ...hsm, status: async () => 'degraded' }), first],

  // Keys.
  ['makes a key when one is asked for', makesOnDemand, missing],
  ['has one key for URIs that differ in case', naming((uri) => uri.toLowerCase()), uris],
  ['resolves dots in URIs', naming((uri) => uri.replace(/[^/:]+\/\.\.\//, '')), uris],
  [
    'makes a key anew when it is created again',
    creating(async (hsm, uri, type) => {
      if (!(await isMissing(hsm, uri))) await hsm.destroyKey(uri)
      await hsm.createKey(uri, type)
    }),
    'keeps a key when it is created again',
  ],
  [
    'ignores that a key is of another type',
    creating((hsm, uri, type) => hsm.createKey(uri, type).catch(() => {})),
    'refuses to create a key of another type under a URI: wrong_type, and the key stays',
  ],
  [
    'replaces a key by one of another type',
    creating(async (hsm, uri, type) => {
      await hsm.createKey(uri, type).catch(async (error) => {
        await hsm.destroyKey(uri)
        throw error
      })
    }),
    'refuses to create a key of another type under a URI: wrong_type, and the key stays',
  ],
  [
    'looks for a key, and then waits before it makes one',
    lateCreation,
    'makes one key when many create the same at once',
  ],
  ['makes a key after it said so', creatingLater, 'keeps a key when it is created again'],
  [
    'has one key for many URIs',
    naming((uri) => uri.replace(/many.*/, 'many')),
    'makes many keys at once, each its own',
  ],
  ['calls a missing key not authentic', saying('key_missing', 'not_authentic'), missing],
  ['calls a missing key unavailable', saying('key_missing', 'unavailable'), missing],
  ['calls a wrong type missing', saying('wrong_type', 'key_missing'), 'signs nothing with a wrapping key: wrong_type'],
  ['throws plain errors', failing(() => new Error('failed')), missing],

  // Destruction.
  ['destroys nothing', (hsm) => ({ ...hsm, destroyKey: async () => {} }), destroyed],
  [
    'fails to destroy what is not there',
    (hsm) => ({
      ...hsm,
      destroyKey: async (uri) => {
        if (await isMissing(hsm, uri)) throw new HsmError('key_missing', uri)
        await hsm.destroyKey(uri)
      },
    }),
    destroyed,
  ],
  [
    'destroys the neighbour too',
    (hsm) => ({
      ...hsm,
      destroyKey: async (uri) => {
        await hsm.destroyKey(uri)
        await hsm.destroyKey('pawl:other')
      },
    }),
    'destroys no other key',
  ],
  [
    'brings a destroyed key back',
    hidingDestroyed,
    'makes a new key under the URI of a destroyed one, of any type, which opens nothing of the old',
  ],

  [
    'stumbles over a key that is being destroyed',
    stumbling,
    'is either there or not when it is created, used and destroyed at once',
  ],

  // Wrapping.
  ['has one key for all', naming(() => 'pawl:key'), 'unwraps nothing that another key wrapped: not_authentic'],
  ['binds nothing', binding(() => utf8('')), bound],
  ['binds the beginning only', binding((associated) => associated.slice(0, 8)), bound],
  ['binds the length only', binding((associated) => asBytes(associated.length)), bound],
  ['binds nothing when it is asked to bind nothing', unboundWhenEmpty, bound],
  [
    'adds a byte that nothing protects',
    (hsm) => ({
      ...hsm,
      wrap: async (...args) => concat(await hsm.wrap(...args), Uint8Array.of(0)),
      unwrap: (uri, wrapped, associated) => hsm.unwrap(uri, wrapped.slice(0, -1), associated),
    }),
    bitFlips,
  ],
  ['ignores what follows', unwrapping((hsm, uri, wrapped, at) => hsm.unwrap(uri, wrapped.slice(0, 61), at)), cuts],
  [
    'takes an empty wrap for an empty plaintext',
    unwrapping((hsm, uri, wrapped, at) =>
      wrapped.length === 0 ? Promise.resolve(wrapped) : hsm.unwrap(uri, wrapped, at),
    ),
    cuts,
  ],
  ['calls a damaged wrap unavailable', saying('not_authentic', 'unavailable'), bitFlips],
  ['wraps the same the same way', sameAgain, 'wraps the same differently every time, and shows nothing of it'],
  [
    'shows the plaintext',
    (hsm) => ({
      ...hsm,
      wrap: async (uri, plaintext, associated) => concat(plaintext, await hsm.wrap(uri, plaintext, associated)),
      unwrap: (uri, wrapped, associated) => hsm.unwrap(uri, wrapped.slice((wrapped.length - 29) / 2), associated),
    }),
    'wraps the same differently every time, and shows nothing of it',
  ],
  [
    'cuts what is too long',
    wrapping((hsm, uri, plaintext, associated) => hsm.wrap(uri, plaintext.slice(0, 4096), associated)),
    'refuses to wrap more than 4 KiB',
  ],
  [
    'has less room than 4 KiB',
    wrapping(async (hsm, uri, plaintext, associated) => {
      if (plaintext.length > 4095) throw new RangeError('too long')
      return hsm.wrap(uri, plaintext, associated)
    }),
    'wraps from nothing to 4 KiB, whatever the associated data: unwrap(wrap(x, a), a) ≡ x',
  ],
  [
    'takes anything for bytes',
    wrapping((hsm, uri, plaintext, associated) => hsm.wrap(uri, asBytes(plaintext), associated)),
    'takes bytes only, never a text, a list or a number',
  ],
  [
    'gives out what it remembers',
    sharedPlaintext,
    'leaves its arguments alone, and gives bytes that the caller may wipe',
  ],
  [
    'wipes what it was given',
    wrapping(async (hsm, uri, plaintext, associated) => {
      const wrapped = await hsm.wrap(uri, plaintext, associated)
      plaintext.fill(0)
      return wrapped
    }),
    'leaves its arguments alone, and gives bytes that the caller may wipe',
  ],
  ['wraps under the key of another call', oneAtATime, 'wraps and unwraps many at once'],

  // Signing.
  ['signs with a high s', signing(async (hsm, uri, message) => highS(await hsm.sign(uri, message))), p256Signs],
  ['hashes twice', signing((hsm, uri, message) => hsm.sign(uri, nobleCrypto.sha256(message))), p256Signs],
  [
    'hashes what Ed25519 signs',
    signing((hsm, uri, message) => hsm.sign(uri, nobleCrypto.sha256(message))),
    'ed25519 keys sign messages of any length, as another implementation verifies',
  ],
  ['signs the same for every message', signing((hsm, uri) => hsm.sign(uri, utf8('always'))), p256Signs],
  [
    'signs anything',
    signing((hsm, uri, message) => hsm.sign(uri, asBytes(message))),
    'secp256k1 keys sign bytes only, never a text, a list or a number',
  ],
  [
    'has compressed public keys',
    (hsm) => ({ ...hsm, publicKey: async (uri) => compressed(await hsm.publicKey(uri)) }),
    'p-256 keys have a raw public key that stays the same',
  ],
  [
    'has Ed25519 keys with a head',
    (hsm) => ({ ...hsm, publicKey: async (uri) => concat(utf8('head'), await hsm.publicKey(uri)) }),
    'ed25519 keys have a raw public key that stays the same',
  ],
  [
    'gives out the public key that it remembers',
    sharedPublicKey,
    'secp256k1 keys have a raw public key that stays the same',
  ],

  ['wraps under signing keys', wrappingUnderAny, 'ed25519 keys wrap nothing, and stay of their type'],
  [
    'says that both of two types were made',
    joiningCreations,
    'p-256 keys are made under a URI, or another type is, when both are asked for at once',
  ],
  [
    'signs the message of another call',
    otherMessage,
    'ed25519 keys sign many messages at once, and are one key when many create it at once',
  ],

  // Durability.
  [
    'loses what was created after a key was destroyed',
    losingAfterDestroy,
    'has every key again that was created among others, before and after one was destroyed',
  ],
  ['has lost its keys when it is opened again', losing, 'has its keys again after it was closed and opened'],
  [
    'has a destroyed key again when it is opened again',
    destroyingUntilClosed,
    'has no destroyed key again after it was closed and opened',
  ],

  // Seals.
  ['cannot sign digests', ({ signDigest, ...hsm }) => hsm as Full, 'has the ability digestSigning'],
  [
    'hashes digests',
    (hsm) => ({ ...hsm, signDigest: (uri, digest) => hsm.signDigest(uri, nobleCrypto.sha256(digest)) }),
    'signs digests with secp256k1 keys as they are, with a low s, as another implementation verifies',
  ],
  [
    'signs half a digest',
    (hsm) => ({
      ...hsm,
      signDigest: (uri, digest) => {
        const whole = new Uint8Array(32)
        whole.set(digest.length === 32 ? digest : whole)
        return hsm.signDigest(uri, whole)
      },
    }),
    'signs no digest that is not 32 bytes, and none with a key of another type',
  ],
  ['cannot be sealed', ({ seal, ...hsm }) => hsm as Full, 'has the ability sealable'],
  ['is not sealed', (hsm) => ({ ...hsm, seal: async () => {} }), sealedDoor],
  ['says that it is ok while it is sealed', (hsm) => ({ ...hsm, status: async () => 'ok' }), sealedDoor],
  ['says that keys are missing while it is sealed', saying('sealed', 'key_missing'), sealedDoor],
  [
    'destroys keys while it is sealed',
    (hsm) => ({ ...hsm, destroyKey: (uri) => hsm.destroyKey(uri).catch(() => {}) }),
    sealedDoor,
  ],
  ['opens when it is sealed twice', sealingInTurn, sealedDoor],
  [
    'takes any secret',
    (hsm) => ({ ...hsm, unseal: (secret) => hsm.unseal(secret).catch(() => hsm.unseal(secrets[0])) }),
    wrongSecret,
  ],
  ['opens and then says that the secret was wrong', openingAnyway, wrongSecret],
  [
    'never opens again',
    (hsm) => ({ ...hsm, unseal: async (secret) => hsm.unseal(secret).then(() => hsm.seal()) }),
    wrongSecret,
  ],
  [
    'takes any secret while it is open',
    (hsm) => ({
      ...hsm,
      unseal: async (secret) => {
        if ((await hsm.status()) === 'sealed') await hsm.unseal(secret)
      },
    }),
    'takes the secret and refuses another while it is not sealed',
  ],
  [
    'wraps under zeros while it is being sealed',
    zerosWhenSealed,
    'wraps under the true key or not at all while it is being sealed',
  ],

  // Roots.
  ['cannot be rotated', ({ rotateRoot, ...hsm }) => hsm as Full, 'has the ability rotatingRoot'],
  [
    'keeps the old secret',
    (hsm) => ({ ...hsm, rotateRoot: async () => {} }),
    'is unsealed by the new secret only, once the root was rotated',
  ],
  [
    'loses its keys with the old secret',
    (hsm) => ({
      ...hsm,
      rotateRoot: async (secret) => {
        await hsm.rotateRoot(secret)
        await hsm.destroyKey('pawl:key')
      },
    }),
    'keeps its keys when the root is rotated, also after it was closed and opened',
  ],
  [
    'takes an empty secret',
    (hsm) => ({ ...hsm, rotateRoot: (secret) => hsm.rotateRoot(secret.length > 0 ? secret : secrets[1]) }),
    'refuses an empty secret for a root, and nothing changes then',
  ],
  [
    'loses what is created while it rotates',
    losingWhileRotating,
    'loses no key that is created while the root is rotated',
  ],

  // Images.
  ['gives no image', ({ image, ...hsm }) => hsm as Full, 'has the ability portable'],
  [
    'leaves keys out of its image',
    imaging((uris) => uris.slice(1)),
    'gives an image of its keys, with which they are somewhere else too',
  ],
  ['gives an old image', oldImage, 'gives an image that has every key whose making was answered, however busy it is'],
]

const openImage = 'gives an image that is of no use without the secret'

/** One whose image opens anywhere. It is the opener that is broken then, so it stands apart from the others. */
export const openImageFault: readonly [what: string, open: () => OpenedHsm, foundBy: string] = [
  'gives an image that opens under any secret',
  () => {
    const opened = lastingHsm()
    return { ...opened, elsewhere: async (image) => opened.elsewhere?.(image) ?? opened.hsm }
  },
  openImage,
]

function imaging(change: (uris: string[]) => string[]): Break {
  return (hsm) => ({
    ...hsm,
    image: async () => utf8(JSON.stringify(change(JSON.parse(new TextDecoder().decode(await hsm.image()))))),
  })
}

function oldImage(hsm: Full): Full {
  let image: Promise<Uint8Array> | null = null
  return creating(async (inner, uri, type) => {
    await inner.createKey(uri, type)
    image ??= inner.image()
  })({ ...hsm, image: async () => (await image) ?? hsm.image() })
}

function makesOnDemand(hsm: Full): Full {
  return {
    ...hsm,
    wrap: async (uri, plaintext, associated) => {
      await hsm.createKey(uri, 'aes-256')
      return hsm.wrap(uri, plaintext, associated)
    },
  }
}

function lateCreation(hsm: Full): Full {
  return creating(async (inner, uri, type) => {
    const absent = await isMissing(inner, uri)
    await wait()
    if (!absent) return inner.createKey(uri, type)
    await inner.destroyKey(uri)
    await inner.createKey(uri, type)
  })(hsm)
}

function creatingLater(hsm: Full): Full {
  return creating(async (inner, uri, type) => {
    setTimeout(() => inner.createKey(uri, type).catch(() => {}), 1)
  })(hsm)
}

function hidingDestroyed(hsm: Full): Full {
  const hidden = new Set<string>()
  const seen = (uri: string) => {
    if (hidden.has(uri)) throw new HsmError('key_missing', uri)
  }
  return {
    ...hsm,
    createKey: async (uri, type) => {
      hidden.delete(uri)
      await hsm.createKey(uri, type)
    },
    destroyKey: async (uri) => void hidden.add(uri),
    wrap: async (uri, plaintext, associated) => {
      seen(uri)
      return hsm.wrap(uri, plaintext, associated)
    },
  }
}

function stumbling(hsm: Full): Full {
  let busy = false
  return {
    ...hsm,
    destroyKey: async (uri) => {
      busy = true
      await wait()
      await hsm.destroyKey(uri)
      busy = false
    },
    wrap: async (uri, plaintext, associated) => {
      if (busy) throw new HsmError('unavailable', 'busy')
      return hsm.wrap(uri, plaintext, associated)
    },
  }
}

function wrappingUnderAny(hsm: Full): Full {
  return wrapping(async (inner, uri, plaintext, associated) => {
    try {
      return await inner.wrap(uri, plaintext, associated)
    } catch (error) {
      if (!(error instanceof HsmError && error.failure === 'wrong_type')) throw error
      return nobleCrypto.encrypt(nobleCrypto.sha256(utf8(uri)), new Uint8Array(12), plaintext, associated)
    }
  })(hsm)
}

/** Lets who comes second wait for the first, and does not ask what it wanted. */
function joiningCreations(hsm: Full): Full {
  const busy = new Map<string, Promise<void>>()
  return creating(async (inner, uri, type) => {
    const creation = busy.get(uri) ?? wait().then(() => inner.createKey(uri, type))
    busy.set(uri, creation)
    await creation
    busy.delete(uri)
  })(hsm)
}

function otherMessage(hsm: Full): Full {
  let current: Uint8Array = utf8('')
  return signing(async (inner, uri, message) => {
    current = message
    await wait()
    return inner.sign(uri, current)
  })(hsm)
}

function unboundWhenEmpty(hsm: Full): Full {
  const loose = new Set<string>()
  return {
    ...hsm,
    wrap: async (uri, plaintext, associated) => {
      const wrapped = await hsm.wrap(uri, plaintext, associated)
      if (associated.length === 0) loose.add(hex(wrapped))
      return wrapped
    },
    unwrap: (uri, wrapped, associated) => hsm.unwrap(uri, wrapped, loose.has(hex(wrapped)) ? utf8('') : associated),
  }
}

function sameAgain(hsm: Full): Full {
  const known = new Map<string, Uint8Array>()
  return wrapping(async (inner, uri, plaintext, associated) => {
    const name = `${uri} ${hex(plaintext)} ${hex(associated)}`
    const wrapped = known.get(name) ?? (await inner.wrap(uri, plaintext, associated))
    known.set(name, wrapped)
    return wrapped
  })(hsm)
}

function sharedPlaintext(hsm: Full): Full {
  const known = new Map<string, Uint8Array>()
  return unwrapping(async (inner, uri, wrapped, associated) => {
    const plaintext = await inner.unwrap(uri, wrapped, associated)
    const remembered = known.get(hex(wrapped)) ?? plaintext
    known.set(hex(wrapped), remembered)
    return remembered
  })(hsm)
}

function sharedPublicKey(hsm: Full): Full {
  const known = new Map<string, Uint8Array>()
  return {
    ...hsm,
    publicKey: async (uri) => {
      const publicKey = known.get(uri) ?? (await hsm.publicKey(uri))
      known.set(uri, publicKey)
      return publicKey
    },
  }
}

/** What a driver does that has one session, and no lock around it. */
function oneAtATime(hsm: Full): Full {
  let current: Uint8Array = utf8('')
  return wrapping(async (inner, uri, plaintext, associated) => {
    current = plaintext
    await wait()
    return inner.wrap(uri, current, associated)
  })(hsm)
}

function highS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${hex(signature.slice(32))}`)
  const digits = (curves['p-256'].order - s).toString(16).padStart(64, '0')
  const high = Array.from({ length: 32 }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16))
  return concat(signature.slice(0, 32), Uint8Array.from(high))
}

function compressed(publicKey: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(2 + ((publicKey[64] ?? 0) & 1)), publicKey.slice(1, 33))
}

/** Keeps what it makes until it is closed, and no longer. */
function losing(hsm: Full): Full {
  const made: string[] = []
  return {
    ...hsm,
    createKey: async (uri, type) => {
      await hsm.createKey(uri, type)
      made.push(uri)
    },
    close: async () => {
      for (const uri of made) await hsm.destroyKey(uri)
    },
  }
}

function losingAfterDestroy(hsm: Full): Full {
  let destroyed = false
  const made: string[] = []
  return {
    ...hsm,
    createKey: async (uri, type) => {
      await hsm.createKey(uri, type)
      if (destroyed) made.push(uri)
    },
    destroyKey: async (uri) => {
      destroyed = true
      await hsm.destroyKey(uri)
    },
    close: async () => {
      for (const uri of made) await hsm.destroyKey(uri)
    },
  }
}

function destroyingUntilClosed(hsm: Full): Full {
  const gone = new Set<string>()
  return {
    ...hsm,
    destroyKey: async (uri) => void gone.add(uri),
    unwrap: async (uri, wrapped, associated) => {
      if (gone.has(uri)) throw new HsmError('key_missing', uri)
      return hsm.unwrap(uri, wrapped, associated)
    },
  }
}

function sealingInTurn(hsm: Full): Full {
  return {
    ...hsm,
    seal: async () => ((await hsm.status()) === 'sealed' ? hsm.unseal(secrets[0]) : hsm.seal()),
  }
}

function openingAnyway(hsm: Full): Full {
  return {
    ...hsm,
    unseal: (secret) =>
      hsm.unseal(secret).catch(async (error) => {
        await hsm.unseal(secrets[0])
        throw error
      }),
  }
}

function zerosWhenSealed(hsm: Full): Full {
  const zeros = new Uint8Array(32)
  return wrapping(async (inner, uri, plaintext, associated) => {
    if ((await inner.status()) === 'ok') return inner.wrap(uri, plaintext, associated)
    return nobleCrypto.encrypt(zeros, zeros.slice(0, 12), plaintext, associated)
  })(hsm)
}

function losingWhileRotating(hsm: Full): Full {
  let rotating = false
  return {
    ...hsm,
    createKey: async (uri, type) => {
      if (!rotating) await hsm.createKey(uri, type)
    },
    rotateRoot: async (secret) => {
      rotating = true
      await wait()
      await hsm.rotateRoot(secret)
      rotating = false
    },
  }
}
