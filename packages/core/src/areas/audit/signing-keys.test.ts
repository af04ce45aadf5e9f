import { memoryHsm, nobleCrypto } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { base64, frame, utf8 } from '../../kernel/bytes.ts'
import { HsmError } from '../../ports/hsm.ts'
import type { Reading } from '../../records/index.ts'
import { isSignedBy, trustedKeys } from './signing-keys.ts'

// Goal: a key is trusted if the HSM has it, or if a trusted key has signed it. Method: keys in an HSM in memory, each endorsed by the
// next one, in a record that an attacker changed.

const hsm = memoryHsm()

/** Keys, oldest first, as the record of the vault lists them. */
async function rotatedKeys(count: number) {
  const uris = Array.from({ length: count }, (_, at) => `audit/${count}/${at}`)
  for (const uri of uris) await hsm.createKey(uri, 'ed25519')
  const publicKeys = await Promise.all(uris.map((uri) => hsm.publicKey(uri)))
  const former = await Promise.all(
    publicKeys.slice(0, -1).map(async (key, at) => {
      const signature = await hsm.sign(uris[at + 1] ?? '', frame(utf8('pawl/1/audit-key'), key))
      return { publicKey: base64(key), endorsement: base64(signature) }
    }),
  )
  return { current: uris.at(-1) ?? '', former: former.toReversed(), publicKeys: publicKeys.toReversed() }
}

const trusted = (record: object | null, from: Pick<typeof hsm, 'publicKey'> = hsm) => {
  const reading = { get: async () => record } as unknown as Reading
  return trustedKeys(nobleCrypto, { ...hsm, ...from }, reading)
}

describe('the keys that may have signed a trail', () => {
  it('are the key of the HSM, and each key before it that the next one has signed', async () => {
    const { current, former, publicKeys } = await rotatedKeys(4)
    expect(await trusted({ current, former })).toEqual(publicKeys)
    expect(await trusted({ current, former: [] })).toEqual(publicKeys.slice(0, 1))
  })

  it.each([
    ['an endorsement of another key', ({ endorsement }: { endorsement: string }) => ({ endorsement })],
    ['no endorsement', () => ({ endorsement: '' })],
    ['an endorsement that is no Base64', () => ({ endorsement: '?' })],
    ['a key that is no Base64', () => ({ publicKey: '?' })],
    ['another key', () => ({ publicKey: base64(new Uint8Array(32).fill(9)) })],
  ])('end before one with %s, with every key before it', async (_, changes) => {
    const { current, former, publicKeys } = await rotatedKeys(4)
    const [first, second, third] = former as [(typeof former)[0], (typeof former)[0], (typeof former)[0]]
    const forged = [first, { ...second, ...changes(first) }, third]
    expect(await trusted({ current, former: forged })).toEqual(publicKeys.slice(0, 2))
  })

  it('are none when nothing was signed yet, or when the HSM has lost the key', async () => {
    const { former } = await rotatedKeys(2)
    expect(await trusted(null)).toEqual([])
    expect(await trusted({ current: 'audit/lost', former })).toEqual([])
  })

  it('are unknown while the HSM does not answer', async () => {
    const failing = { publicKey: () => Promise.reject(new HsmError('unavailable', 'gone')) }
    await expect(trusted({ current: 'audit/1', former: [] }, failing)).rejects.toBeInstanceOf(HsmError)
  })
})

describe('a signature', () => {
  it('is of one of the keys, and has 64 bytes', () => {
    const seed = new Uint8Array(32).fill(7)
    const [message, key] = [utf8('a message'), nobleCrypto.ed25519PublicKey(seed)]
    const signature = nobleCrypto.ed25519Sign(seed, message)
    const other = nobleCrypto.ed25519PublicKey(new Uint8Array(32).fill(8))
    expect(isSignedBy(nobleCrypto, [other, key], message, base64(signature))).toBe(true)
    expect(isSignedBy(nobleCrypto, [other], message, base64(signature))).toBe(false)
    for (const text of [base64(signature.subarray(0, 63)), base64(new Uint8Array([...signature, 0])), '', '?']) {
      expect(isSignedBy(nobleCrypto, [key], message, text)).toBe(false)
    }
  })
})
