import type { Around } from '@pawl/core'
import type { Sealable } from '@pawl/core/ports'
import { memoryHsm } from '@pawl/core/ports/reference'
import { expect, test } from 'vitest'
import { observedHsm } from './observed-hsm.ts'

/** Keys as a class with private fields has them. */
class OwnHsm implements Sealable {
  #seals = 0
  seal = async () => {
    this.#seals++
  }
  async unseal() {
    this.#seals--
  }
  get seals() {
    return this.#seals
  }
}

test('what is observed is a view: two of them tell once each, and the key store itself tells nobody', async () => {
  const told: string[] = []
  const telling =
    (name: string): Around =>
    (_, call, work) => {
      told.push(`${name} ${call}`)
      return work()
    }
  const hsm = memoryHsm()
  const before = { ...hsm }
  const [first, second] = [observedHsm(hsm, telling('first')), observedHsm(hsm, telling('second'))]
  const uri = 'pawl:key'
  await first.createKey(uri, 'ed25519')
  await second.sign(uri, new Uint8Array(1))
  await hsm.publicKey(uri)
  expect(told).toEqual(['first createKey', 'second sign'])
  expect({ ...hsm }).toEqual(before)
})

test('its other abilities are those of the key store, private fields and all', async () => {
  const hsm = Object.assign(new OwnHsm(), memoryHsm())
  const seen = observedHsm(hsm, (_, __, work) => work())
  expect('seal' in seen).toBe(true)
  await seen.seal()
  await seen.seal()
  await seen.unseal()
  expect(hsm.seals).toBe(1)
  expect(await seen.status()).toBe('ok')
})
