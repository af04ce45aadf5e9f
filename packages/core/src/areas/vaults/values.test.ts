import { inspect } from 'node:util'
import { memoryHsm, nobleCrypto } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldOptions, worldDefaults } from '@pawl/testkit/world'
import { recordingHsm } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../kernel/bytes.ts'

// Goal: the promises about keys and addresses of values, which no answer shows (M22). Method: a crypto that notes every
// value that is encrypted, and can give one value in the place of another.

interface Encrypted {
  readonly key: string
  readonly nonce: string
  readonly associated: string
  readonly bytes: Uint8Array
  readonly keyBytes: Uint8Array
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** Notes what is encrypted with this text in it. `given` is decrypted in place of anything that has the bytes of `asked`. */
function watchedCrypto(marker: string) {
  const seen: Encrypted[] = []
  const swap: { last?: Encrypted; asked?: Encrypted; given?: Encrypted } = {}
  const crypto: typeof nobleCrypto = {
    ...nobleCrypto,
    encrypt: (key, nonce, plain, associated) => {
      const bytes = nobleCrypto.encrypt(key, nonce, plain, associated)
      // A key is wiped after its use.
      const keyBytes = Uint8Array.from(key)
      if (hex(plain) === hex(utf8(marker))) {
        seen.push({ key: hex(key), nonce: hex(nonce), associated: hex(associated), bytes, keyBytes })
      }
      return bytes
    },
    decrypt: (key, nonce, bytes, associated) => {
      const { asked, given } = swap
      const found = seen.find((one) => hex(one.bytes) === hex(bytes))
      if (found) swap.last = found
      if (given && found && found === asked) return nobleCrypto.decrypt(given.keyBytes, nonce, given.bytes, associated)
      return nobleCrypto.decrypt(key, nonce, bytes, associated)
    },
  }
  return { crypto, seen, swap }
}

const value = tagged('the same words every time')

async function stored(paths: readonly string[], strictKeys = true, options: WorldOptions = {}) {
  const { crypto, seen, swap } = watchedCrypto(value)
  const world = await testPawl({ crypto, strictKeys, ...options })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  const { id: other_id } = await world.owner.vaults.create({ name: 'other' })
  for (const path of paths) await world.owner.secrets.put({ vault_id, path, value })
  await world.owner.secrets.put({ vault_id: other_id, path: 'a', value })
  return { world, seen, swap, vault_id, other_id }
}

it('leaves no data key in memory when the engine ends, also of readers who came at the same moment', async () => {
  const opened: Uint8Array[] = []
  const plain = utf8(value).length
  const crypto: typeof nobleCrypto = {
    ...nobleCrypto,
    decrypt: (key, nonce, bytes, associated) => {
      const found = nobleCrypto.decrypt(key, nonce, bytes, associated)
      if (found?.length === plain && hex(found) === hex(utf8(value))) opened.push(key)
      return found
    },
  }
  const world = await testPawl({ crypto })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id, path: 'a', value })
  await Promise.all([1, 2, 3].map(() => world.owner.secrets.get({ vault_id, path: 'a' })))
  await world.owner.secrets.get({ vault_id, path: 'a' })
  await world[Symbol.asyncDispose]()
  expect(opened).toHaveLength(4)
  for (const key of opened) expect(hex(key)).toMatch(/^0{64}$/)
})

it('M22: wraps each data key for its organisation, vault and number of the wrapping key, so that none opens elsewhere', async () => {
  const bound: { uri: string; associated: string }[] = []
  const own = memoryHsm()
  const hsm: typeof own = Object.assign(Object.create(own), {
    wrap: (uri: string, plaintext: Uint8Array, associated: Uint8Array) => {
      bound.push({ uri, associated: Buffer.from(associated).toString('latin1') })
      return own.wrap(uri, plaintext, associated)
    },
  })
  await using world = await testPawl({ hsm })
  const ids: string[] = []
  for (const name of ['one', 'two']) {
    const { id: vault_id } = await world.owner.vaults.create({ name })
    await world.owner.secrets.put({ vault_id, path: 'a', value })
    await world.owner.vaults.rotateKey({ vault_id })
    await world.owner.secrets.put({ vault_id, path: 'a', value })
    ids.push(vault_id)
  }
  const ofVaults = bound.filter(({ uri }) => ids.some((id) => uri.includes(id)))
  expect(new Set(ofVaults.map(({ associated }) => associated)).size).toBe(4)
  for (const { uri, associated } of ofVaults) {
    const [, org = '', vault = '', number = ''] = /vault\/([^/]+)\/([^/]+)\/([0-9]+)$/.exec(uri) ?? expect.fail(uri)
    expect(associated).toContain('pawl/1/data-key')
    expect(associated).toContain(`${org}/${vault}`)
    expect(associated.endsWith(number)).toBe(true)
  }
})

describe('a value', () => {
  it.each([
    ['kept in memory', false],
    ['never kept', true],
  ])('I4: has a key of its own in each version, where keys are %s', async (_, strictKeys) => {
    const { world, seen } = await stored(['a', 'a', 'a', 'b', 'b', 'c'], strictKeys)
    await using _world = world
    // A unit that had to run again has encrypted the value more than once.
    expect(seen.length).toBeGreaterThanOrEqual(7)
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length)
    // Without the tag, which differs with the address: equal words must not even begin alike.
    expect(new Set(seen.map(({ bytes }) => hex(bytes.slice(0, 16)))).size).toBe(seen.length)
    for (const { key } of seen) expect(key).not.toMatch(/^(..)\1{31}$/)
  })

  it('I4: has a key of its own also in the unit that creates its vault', async () => {
    const keys: string[] = []
    const crypto: typeof nobleCrypto = {
      ...nobleCrypto,
      encrypt: (key, nonce, plain, associated) => {
        // Only values have this nonce, because each of their keys is used once.
        if (hex(nonce) === '00'.repeat(12)) keys.push(hex(key))
        return nobleCrypto.encrypt(key, nonce, plain, associated)
      },
    }
    await using world = await testPawl({ crypto })
    keys.length = 0
    // The first agent makes the vault of agent keys, and stores two keys in it.
    await world.owner.agents.create({ name: 'first' })
    expect(keys.length).toBeGreaterThanOrEqual(2)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it.each([
    [false, 1],
    [true, 3],
  ])(
    'is opened with the HSM once for many reads, and for each read with strict keys (%s)',
    async (strictKeys, times) => {
      const hsm = recordingHsm(memoryHsm(worldDefaults))
      await using world = await testPawl({ hsm, strictKeys })
      const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
      await world.owner.secrets.put({ vault_id, path: 'a', value })
      const before = hsm.calls.length
      for (let reads = 0; reads < 3; reads++) {
        expect((await world.owner.secrets.get({ vault_id, path: 'a' })).value.reveal()).toBe(value)
      }
      expect(hsm.calls.slice(before).filter(({ method }) => method === 'unwrap')).toHaveLength(times)
    },
  )

  it('J4: is bound to its vault, secret and version, so it is not read in the place of another one', async () => {
    const logged: string[] = []
    const log = (...line: unknown[]) => logged.push(line.map((part) => inspect(part)).join(' '))
    const { world, swap, vault_id, other_id } = await stored(['a', 'a', 'b'], true, { log })
    await using _world = world
    const { secrets } = world.owner
    const second = { vault_id, path: 'a', version: 2 }
    const sealedAt = async (place: typeof second) => {
      expect((await secrets.getVersion(place)).value.reveal()).toBe(value)
      return swap.last as Encrypted
    }
    const asked = await sealedAt(second)
    const others = [
      await sealedAt({ ...second, version: 1 }),
      await sealedAt({ ...second, path: 'b', version: 1 }),
      await sealedAt({ ...second, vault_id: other_id, version: 1 }),
    ]
    expect(new Set([asked, ...others].map(({ associated }) => associated)).size).toBe(4)
    const { id } = await secrets.getVersion(second)
    const address = `${world.org}/${vault_id}/${id}/2`
    expect(Buffer.from(asked.associated, 'hex').toString()).toContain(address)
    // Even a storage that could give the data key of the other value as well would not be believed.
    for (const given of others) {
      Object.assign(swap, { asked, given })
      await expect(secrets.getVersion(second)).rejects.toMatchObject({ code: 'internal' })
      expect(logged.at(-1)).toContain(`The value ${address} in the storage is not authentic.`)
    }
    Object.assign(swap, { asked, given: asked })
    expect((await secrets.getVersion(second)).value.reveal()).toBe(value)
  })
})
