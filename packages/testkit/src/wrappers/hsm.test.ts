import { type Hsm, HsmError, utf8 } from '@pawl/core/ports'
import { memoryHsm } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { some } from '../../../../tools/test-run/index.ts'
import { lastingHsm } from '../../test/conformance/hsm-breaks.ts'
import { testHsm } from '../conformance/hsm.ts'
import { failingHsm, recordingHsm, slowHsm } from './hsm.ts'

const tick = () => Promise.resolve()
const key = 'pawl:key'
const [plaintext, purpose] = [utf8('the plaintext'), utf8('purpose')]

const harmless: Record<string, <H extends Hsm>(hsm: H) => H> = {
  slow: (hsm) => slowHsm(hsm, tick),
  failing: (hsm) => failingHsm(hsm, { at: 0 }),
  recording: (hsm) => recordingHsm(hsm),
}

// Interceptor a correct HSM, a wrapper that is not asked to do harm makes a correct HSM with the same abilities.
for (const [name, wrap] of some('wrappers of an HSM that pass its suite', 3, Object.entries(harmless))) {
  const open = () => {
    const { hsm, again, ...rest } = lastingHsm()
    return { ...rest, hsm: wrap(hsm), again: async (secret?: Uint8Array) => wrap((await again?.(secret)) ?? hsm) }
  }
  testHsm(`a ${name} reference`, open, { describe, it })
}

describe('the HSM wrappers', () => {
  it('keep the abilities of what they wrap, and add none', () => {
    for (const wrap of Object.values(harmless)) {
      for (const ability of ['seal', 'unseal', 'rotateRoot']) {
        expect(wrap(lastingHsm().hsm)).toHaveProperty(ability)
        expect(wrap(memoryHsm())).not.toHaveProperty(ability)
      }
      expect(wrap(memoryHsm()).provider).toBe('memory')
    }
  })
})

describe('a slow HSM', () => {
  it('waits before each call, as long as it is told, and has not begun it while it waits', async () => {
    const inner = memoryHsm()
    const slept: string[] = []
    let wake = () => {}
    const hsm = slowHsm(inner, (method) => {
      slept.push(method)
      return new Promise((resolve) => {
        wake = resolve
      })
    })
    const creation = hsm.createKey(key, 'aes-256')
    await expect(inner.wrap(key, plaintext, purpose)).rejects.toMatchObject({ failure: 'key_missing' })
    wake()
    await creation
    await inner.wrap(key, plaintext, purpose)
    expect(slept).toEqual(['createKey'])
  })
})

describe('a failing HSM', () => {
  it('fails the call it is told to, and does nothing then', async () => {
    const hsm = failingHsm(memoryHsm(), { at: 1 })
    await expect(hsm.createKey(key, 'aes-256')).rejects.toMatchObject({ failure: 'unavailable' })
    await expect(hsm.wrap(key, plaintext, purpose)).rejects.toMatchObject({ failure: 'key_missing' })
    expect(await hsm.status()).toBe('ok')
  })

  it('fails again and again, with the error it is given', async () => {
    const hsm = failingHsm(memoryHsm(), { every: 2, error: () => new HsmError('sealed', 'on purpose') })
    const outcomes: string[] = []
    for (let at = 0; at < 5; at++) {
      await hsm.destroyKey(key).then(
        () => outcomes.push('ok'),
        (error: HsmError) => outcomes.push(error.failure),
      )
    }
    expect(outcomes).toEqual(['ok', 'sealed', 'ok', 'sealed', 'ok'])
  })

  it('can lose the answer of a call that was carried out', async () => {
    const inner = memoryHsm()
    await expect(failingHsm(inner, { at: 1, after: true }).createKey(key, 'ed25519')).rejects.toThrow(HsmError)
    expect(await inner.publicKey(key)).toHaveLength(32)
  })
})

describe('a recording HSM', () => {
  it('lists the calls in order, with sizes in place of bytes', async () => {
    const hsm = recordingHsm(memoryHsm())
    await hsm.createKey(key, 'aes-256')
    const wrapped = await hsm.wrap(key, plaintext, purpose)
    await hsm.unwrap(key, wrapped, purpose)
    await expect(hsm.sign(key, plaintext)).rejects.toThrow(HsmError)
    await hsm.destroyKey(key)
    await hsm.status()
    const associatedBytes = purpose.length
    expect(hsm.calls).toEqual([
      { method: 'createKey', uri: key, type: 'aes-256' },
      { method: 'wrap', uri: key, plaintextBytes: plaintext.length, associatedBytes },
      { method: 'unwrap', uri: key, wrappedBytes: wrapped.length, associatedBytes },
      { method: 'sign', uri: key, messageBytes: plaintext.length },
      { method: 'destroyKey', uri: key },
    ])
    expect(JSON.stringify(hsm.calls)).not.toContain('the plaintext')
  })
})
