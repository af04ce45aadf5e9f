import { registry } from '@pawl/core'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../kernel/ip.ts'
import { second } from '../kernel/time.ts'

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

  it('over the limit are refused before their input is read', async () => {
    const { world, attempt } = await limitedWorld()
    await times(5, () => attempt(here))
    let wasRead = false
    const input = async () => {
      wasRead = true
      return {}
    }
    expect([await attempt(here, input), wasRead]).toEqual(['rate_limited', false])
    await world.close()
  })
})
