import { registry } from '@pawl/core'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../kernel/ip.ts'
import { second } from '../kernel/time.ts'
import { InputToRead } from './parse.ts'

// Goal: attempts to prove an identity are limited on every surface (§2.3, G3). Method: the pipeline, as surfaces call it.

const here = parseAddress('192.0.2.1')
const elsewhere = parseAddress('192.0.2.2')

async function limitedWorld() {
  const world = await testPawl({ rateLimits: true })
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'answered',
      (error) => error.code,
    )
  return {
    world,
    attempt: (ip: Address | null, input: unknown = { api_key: 'ocv_wrong' }) =>
      codeOf(world.pawl.perform(registry.auth.agentToken, input, { ip })),
    look: (ip: Address | null) => codeOf(world.pawl.perform(registry.health.get, {}, { ip })),
  }
}

async function times(count: number, act: () => Promise<string>): Promise<string[]> {
  const codes: string[] = []
  for (let at = 0; at < count; at++) codes.push(await act())
  return codes
}

describe('attempts to prove an identity', () => {
  it('are limited per address: the sixth of a moment is refused, and one more is allowed each second', async () => {
    const { world, attempt } = await limitedWorld()
    expect(await times(6, () => attempt(here))).toEqual([...Array(5).fill('invalid_key'), 'rate_limited'])
    expect(await attempt(elsewhere)).toBe('invalid_key')
    world.clock.advance(second)
    expect(await times(2, () => attempt(here))).toEqual(['invalid_key', 'rate_limited'])
    await world.close()
  })

  it('are limited for callers inside the process, whose address is not known', async () => {
    const { world, attempt } = await limitedWorld()
    expect((await times(6, () => attempt(null))).at(-1)).toBe('rate_limited')
    await world.close()
  })

  it('do not limit other operations', async () => {
    const { world, attempt, look } = await limitedWorld()
    await times(6, () => attempt(here))
    expect(await look(here)).toBe('answered')
    await world.close()
  })

  it('by a hundred programs behind one address are all answered, each as often as it asks (S9)', async () => {
    const { world } = await limitedWorld()
    const keys = await Promise.all(
      Array.from({ length: 100 }, async (_, at) => (await world.owner.auth.createApiKey({ name: `${at}` })).api_key),
    )
    const exchange = (key: string) =>
      world.pawl.perform(registry.auth.apiKeyToken, { api_key: key }, { ip: here }).then(({ expires_in }) => expires_in)
    const all = () => Promise.all(keys.map((key) => exchange(key.reveal())))
    for (let round = 0; round < 2; round++) expect(new Set(await all())).toEqual(new Set([86_400]))
    for (let call = 0; call < 60; call++) expect(await exchange(keys[0]?.reveal() ?? '')).toBe(86_400)
    await world.close()
  })

  it('with one key are limited in the end, and leave the other keys alone (S9)', async () => {
    const { world, attempt } = await limitedWorld()
    const { key } = await world.agent()
    const { key: other } = await world.agent()
    const codes = await Promise.all(Array.from({ length: 120 }, () => attempt(here, { api_key: key })))
    expect(codes.filter((code) => code === 'answered')).toHaveLength(100)
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(20)
    expect(await attempt(here, { api_key: other })).toBe('answered')
    await world.close()
  })

  it('that failed stop an address, however many come at once (S9)', async () => {
    const { world, attempt } = await limitedWorld()
    await Promise.all(Array.from({ length: 40 }, (_, at) => attempt(here, { api_key: `ocv_wrong${at}` })))
    expect(await attempt(here, { api_key: 'ocv_one more' })).toBe('rate_limited')
    world.clock.advance(30 * second)
    expect(await attempt(here, { api_key: 'ocv_still too many' })).toBe('rate_limited')
    world.clock.advance(30 * second)
    expect(await attempt(here, { api_key: 'ocv_later' })).toBe('invalid_key')
    await world.close()
  })

  it('with passwords are made five at once, however many come (S9)', async () => {
    const { world } = await limitedWorld()
    const guess = async (at: number) =>
      world.pawl
        .perform(registry.auth.token, { email: `${at}@example.com`, password: 'no' }, { ip: here })
        .catch((error) => error.code)
    const codes = await Promise.all(Array.from({ length: 20 }, (_, at) => guess(at)))
    expect(codes.filter((code) => code === 'wrong_password')).toHaveLength(5)
    await world.close()
  })

  it('without an address do not stop those of other clients (M19)', async () => {
    const { world, attempt } = await limitedWorld()
    const { key } = await world.agent()
    await times(6, () => attempt(null))
    expect(await attempt(null)).toBe('rate_limited')
    expect(await attempt(null, { api_key: 'ocv_another' })).toBe('invalid_key')
    expect(await attempt(null, { api_key: key })).toBe('answered')
    await world.close()
  })

  it('over the limit are refused before their input is read', async () => {
    const { world, attempt } = await limitedWorld()
    await times(5, () => attempt(here))
    let wasRead = false
    const input = new InputToRead({}, async () => {
      wasRead = true
      return {}
    })
    expect([await attempt(here, input), wasRead]).toEqual(['rate_limited', false])
    await world.close()
  })
})
