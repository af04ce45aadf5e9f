import { createPawl, PawlError, registry } from '@pawl/core'
import { type Crypto, type Hsm, HsmError, type Sealable } from '@pawl/core/ports'
import { manualClock, memoryHsm, memoryStorage, nobleCrypto, systemRandom } from '@pawl/core/ports/reference'
import { operationsOf } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { cheapPasswords } from '@pawl/testkit/world'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openCeremony } from '../areas/seal/index.ts'
import { minute } from '../kernel/time.ts'

// Goal: a sealed vault does nothing, knows nothing and comes back whole. Method: an engine on parts in memory, an HSM
// that can be sealed from both sides, and every buffer that ever held a key.

const root = new Uint8Array(32).fill(5)

/** The memory HSM behind a seal. */
interface GuardedHsm extends Hsm, Sealable {
  isSealed: boolean
  /** Wrapping waits for it, and is then judged by whether the keys are sealed. */
  gate: Promise<unknown>
  waiting: number
}

function sealableHsm(): GuardedHsm {
  const inner = memoryHsm()
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (hsm.isSealed) throw new HsmError('sealed', 'The keys are sealed.')
    return work()
  }
  const hsm: GuardedHsm = {
    isSealed: false,
    gate: Promise.resolve(),
    waiting: 0,
    provider: 'memory',
    createKey: (...given) => guarded(() => inner.createKey(...given)),
    publicKey: (...given) => guarded(() => inner.publicKey(...given)),
    sign: (...given) => guarded(() => inner.sign(...given)),
    wrap: async (...given) => {
      hsm.waiting++
      await hsm.gate
      return guarded(() => inner.wrap(...given))
    },
    unwrap: (...given) => guarded(() => inner.unwrap(...given)),
    destroyKey: (...given) => guarded(() => inner.destroyKey(...given)),
    status: async () => (hsm.isSealed ? 'sealed' : 'ok'),
    seal: async () => {
      hsm.isSealed = true
    },
    unseal: async (secret) => {
      if (Buffer.compare(secret, root) !== 0) throw new HsmError('not_authentic', 'This is not the root.')
      hsm.isSealed = false
    },
    close: async () => {},
  }
  return hsm
}

/** Remembers every buffer that was ever used as a key. */
function watched() {
  const keys = new Set<Uint8Array>()
  const noted = (key: Uint8Array) => {
    keys.add(key)
    return key
  }
  const crypto: Crypto = {
    ...nobleCrypto,
    hmacSha256: (key, message) => nobleCrypto.hmacSha256(noted(key), message),
    encrypt: (key, ...given) => nobleCrypto.encrypt(noted(key), ...given),
    decrypt: (key, ...given) => nobleCrypto.decrypt(noted(key), ...given),
  }
  return { crypto, live: () => [...keys].filter((key) => key.some((byte) => byte !== 0)).length }
}

async function vault({ crypto = nobleCrypto } = {}) {
  const hsm = sealableHsm()
  const storage = memoryStorage()
  const clock = manualClock('2026-01-01T00:00:00Z')
  const logged: string[] = []
  const log = (_: string, message: string, fields = {}) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const ceremony = openCeremony({ storage, clock })
  const { set, texts } = await ceremony.prepare(root, 5, 3)
  await ceremony.settle(set)
  const open = () =>
    createPawl({ storage, hsm, crypto, clock, log, background: false, rateLimits: false, passwordCost: cheapPasswords })
  const pawl = await open()
  onTestFinished(() => pawl.close())
  const share = (at: number) => ({ share: texts[at] ?? '' })
  const unseal = async () => {
    for (const at of [4, 0, 2]) await pawl.as({}).seal.unseal(share(at))
  }
  return { pawl, hsm, storage, clock, logged, ceremony, set, share, unseal, open }
}

async function usedVault(options?: Parameters<typeof vault>[0]) {
  const one = await vault(options)
  const { user } = await one.pawl.firstOwner({ email: 'owner@example.com' })
  const owner = one.pawl.as({ user })
  const { id } = await owner.vaults.create({ name: 'prod' })
  const at = { vault_id: id, path: 'db/password' }
  await owner.secrets.put({ ...at, value: tagged('hunter2') })
  await owner.secrets.get(at)
  return { ...one, user, owner, at }
}

const sealedError = expect.objectContaining({ kind: 'unavailable', code: 'sealed' })
const anybody = {}

describe('a sealed vault', () => {
  it('answers sealed to every operation but those about its health and its seal, whoever asks', async () => {
    const { pawl, user } = await usedVault()
    await pawl.seal()
    for (const operation of operationsOf(registry)) {
      for (const origin of [{}, { bearer: 'nonsense' }, { trusted: { user } }]) {
        const answer = await pawl.perform(operation, {}, origin).catch((error: unknown) => error)
        const isOpen = /^(health|seal)\./.test(operation.name)
        if (!isOpen) expect(answer, operation.name).toEqual(sealedError)
        else if (answer instanceof PawlError) expect(answer.code, operation.name).toBe('invalid_input')
      }
    }
    await expect(pawl.firstOwner({ email: 'owner@example.com' })).rejects.toEqual(sealedError)
    await expect(pawl.rotateKeys()).rejects.toEqual(sealedError)
    expect(await pawl.runJobs()).toBe(0)
  })

  it('says so, and how far its custodians are', async () => {
    const { pawl, share } = await usedVault()
    expect(await pawl.as(anybody).seal.status()).toEqual({ sealed: false, threshold: 3, shares: 5, progress: 0 })
    await pawl.seal()
    expect(await pawl.as(anybody).seal.status()).toEqual({ sealed: true, threshold: 3, shares: 5, progress: 0 })
    expect(await pawl.as(anybody).health.get()).toMatchObject({ status: 'degraded' })
    expect(await pawl.as(anybody).health.hsm()).toMatchObject({ status: 'unavailable' })
    expect(await pawl.as(anybody).seal.unseal(share(1))).toMatchObject({ sealed: true, progress: 1 })
    expect(await pawl.as(anybody).seal.status()).toMatchObject({ sealed: true, progress: 1 })
  })

  it('is opened by the last share that is needed, and then everything is there again', async () => {
    const { pawl, owner, at, unseal } = await usedVault()
    await pawl.seal()
    await unseal()
    expect(await pawl.as(anybody).seal.status()).toEqual({ sealed: false, threshold: 3, shares: 5, progress: 0 })
    expect((await owner.secrets.get(at)).value.reveal()).toBe(tagged('hunter2'))
    expect(await owner.audit.verify({})).toMatchObject({ chain_valid: true })
  })

  it('keeps a trace of both in the trail of the first organisation and in the log, and no share in either', async () => {
    const { pawl, owner, set, share, unseal, logged } = await usedVault()
    await pawl.seal()
    await unseal()
    const { events } = await owner.audit.events({ limit: 2 })
    expect(events.map(({ action }) => action)).toEqual(['vault.unsealed', 'vault.sealed'])
    expect(events[0]).toMatchObject({ details: { set, shares: [1, 3, 5] } })
    expect(logged.join('\n')).toMatch(/being sealed[\s\S]*was unsealed.*1,3,5/)
    for (const text of [JSON.stringify(events), logged.join('\n')]) {
      for (let at = 0; at < 5; at++) expect(text).not.toContain(share(at).share.slice(-40))
    }
  })

  it('leaves no key in memory: whatever was ever used as one is zeros', async () => {
    const { crypto, live } = watched()
    const { pawl, owner, at, unseal } = await usedVault({ crypto })
    expect(live()).toBeGreaterThan(4)
    await pawl.seal()
    expect(live()).toBe(0)
    await unseal()
    await owner.secrets.get(at)
    expect(live()).toBeGreaterThan(4)
    await pawl.close()
    expect(live()).toBe(0)
  })

  it('finishes what it had accepted before it is sealed, and takes nothing more meanwhile', async () => {
    const { pawl, hsm, owner, at, unseal } = await usedVault()
    let release = () => {}
    hsm.gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const before = hsm.waiting
    const accepted = owner.secrets.put({ ...at, value: tagged('accepted') })
    while (hsm.waiting === before) await nextTurn()
    const sealing = pawl.seal()
    for (let turn = 0; turn < 100; turn++) await nextTurn()
    const late = owner.secrets.put({ ...at, value: tagged('late') })
    release()
    await accepted
    await sealing
    await expect(late).rejects.toEqual(sealedError)
    await unseal()
    expect((await owner.secrets.get(at)).value.reveal()).toBe(tagged('accepted'))
  })

  it('is one also when somebody else has sealed its keys, from the first call that notices, and back again', async () => {
    const { pawl, hsm, owner, at } = await usedVault()
    hsm.isSealed = true
    await expect(owner.vaults.create({ name: 'other' })).rejects.toEqual(sealedError)
    await expect(owner.secrets.get(at)).rejects.toEqual(sealedError)
    expect(await pawl.as(anybody).seal.status()).toMatchObject({ sealed: true })
    hsm.isSealed = false
    expect((await owner.secrets.get(at)).value.reveal()).toBe(tagged('hunter2'))
  })

  it('starts sealed and tells when it is open', async () => {
    const { pawl, open, unseal } = await usedVault()
    await pawl.seal()
    const again = await open()
    let isOpen = false
    const opened = again.opened().then(() => {
      isOpen = true
    })
    expect((await again.status()).hsm).toBe('sealed')
    expect(isOpen).toBe(false)
    await unseal()
    await again.as(anybody).health.get()
    await opened
    expect(isOpen).toBe(true)
    await again.close()
  })

  it('cannot be where the key store has no seal', async () => {
    const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm(), background: false })
    await expect(pawl.seal()).rejects.toMatchObject({ code: 'cannot_seal' })
    expect(await pawl.as(anybody).seal.status()).toEqual({ sealed: false, threshold: null, shares: null, progress: 0 })
    await pawl.close()
  })
})

describe('D16: whoever has no share', () => {
  it('can neither cancel nor spoil nor hasten what the others have entered', async () => {
    const { pawl, share, ceremony } = await usedVault()
    await pawl.seal()
    const ask = pawl.as(anybody).seal
    await ask.unseal(share(0))
    const foreign = await openCeremony({ storage: memoryStorage() }).prepare(systemRandom.bytes(32), 5, 3)
    const attempts = ['', 'x', share(1).share.slice(0, -1), share(0).share, ...foreign.texts]
    for (const text of attempts) await expect(ask.unseal({ share: text })).rejects.toMatchObject({ kind: 'invalid' })
    expect(await ask.status()).toMatchObject({ sealed: true, progress: 1 })
    await ask.unseal(share(1))
    expect(await ask.unseal(share(2))).toMatchObject({ sealed: false })
    expect(await ceremony.shape()).toMatchObject({ shares: 5, threshold: 3 })
  })

  it('learns from an error nothing that was sent', async () => {
    const { pawl, share } = await usedVault()
    await pawl.seal()
    for (const sent of [share(0).share.slice(0, -1), `${share(0).share}7`, 'a'.repeat(72)]) {
      const error = await pawl
        .as(anybody)
        .seal.unseal({ share: sent })
        .catch((thrown: PawlError) => thrown)
      expect(JSON.stringify(error)).not.toContain(sent.slice(-20))
      expect((error as PawlError).message).not.toContain(sent.slice(-20))
    }
  })

  it('finds nothing that is remembered for long: after ten minutes all begin again', async () => {
    const { pawl, clock, share } = await usedVault()
    await pawl.seal()
    await pawl.as(anybody).seal.unseal(share(0))
    clock.advance(10 * minute)
    expect(await pawl.as(anybody).seal.status()).toMatchObject({ progress: 0 })
  })
})

describe('a change of shares that was cut off', () => {
  it('before the root was changed: the old shares open the vault, the new do not, and are forgotten then', async () => {
    const { pawl, ceremony, set, share, storage } = await usedVault()
    const next = await ceremony.prepare(systemRandom.bytes(32), 3, 2)
    await pawl.seal()
    const ask = pawl.as(anybody).seal
    await ask.unseal({ share: next.texts[0] ?? '' })
    await expect(ask.unseal({ share: next.texts[1] ?? '' })).rejects.toMatchObject({ data: { reason: 'not_these' } })
    for (const at of [0, 1, 2]) await ask.unseal(share(at))
    expect(await ask.status()).toMatchObject({ sealed: false })
    const [stored] = await storage.get([{ kind: 'rootShares', id: 'main' }])
    const sets = JSON.parse(Buffer.from(stored?.body ?? []).toString()) as { id: string }[]
    expect(sets.map(({ id }) => id)).toEqual([set])
  })
})

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('a closed vault', () => {
  it('N2: says closed, not sealed, and opens nothing again', async () => {
    const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm(), background: false })
    const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
    await pawl.close()
    const closed = expect.objectContaining({ kind: 'unavailable', code: 'closed' })
    await expect(pawl.as({ user }).vaults.list()).rejects.toEqual(closed)
    await expect(pawl.firstOwner({ email: 'owner@example.com' })).rejects.toEqual(closed)
  })
})
