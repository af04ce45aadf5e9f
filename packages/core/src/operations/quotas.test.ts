import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { operation, quotas, rates } from '../area.ts'
import { createPawl, type PawlOptions } from '../index.ts'
import { frame, hex, utf8 } from '../kernel/bytes.ts'
import { parseAddress } from '../kernel/ip.ts'
import { hour, minute, second } from '../kernel/time.ts'
import { manualClock, memoryHsm, memoryStorage, nobleCrypto } from '../ports/reference/index.ts'

// Goal: what must be limited over all engines is counted in the storage (§2.3). Method: an operation that sends letters to an
// address that anybody can name, as sign-up and codes do.

const send = operation({
  name: 'letters.send',
  summary: 'Send a letter to an address that anybody can name.',
  effect: 'write',
  access: 'public',
  audit: 'none',
  limits: [
    { per: 'address', rate: rates.signIn },
    { per: 'value', of: ({ email }) => email?.toLowerCase() ?? null, quota: quotas.mail },
  ],
  input: z.object({ email: z.string().optional(), fails: z.boolean().optional() }),
  output: z.object({}),
  errors: [],
  run: (_, { fails = false }) => {
    if (fails) throw new Error('no paper')
    return {}
  },
})
const letters = { name: 'letters', operations: { send } } as const
const here = parseAddress('192.0.2.1')
const elsewhere = parseAddress('192.0.2.2')

async function office(options: Partial<PawlOptions> = {}) {
  const world = await testPawl({ rateLimits: true, areas: [letters], log: () => {}, ...options })
  const ask = async (input: { email?: string; fails?: boolean }, ip = here) =>
    world.pawl.perform(send, input, { ip }).then(
      () => 'sent',
      (error) => (error.code === 'rate_limited' ? error.data.retryAfterSeconds : error.code),
    )
  return { world, ask, [Symbol.asyncDispose]: () => world.close() }
}

const ada = { email: 'ada@example.com' }
const eve = { email: 'eve@example.com' }

describe('a quota per e-mail address', () => {
  it('counts from whatever IP address a call comes, and however the address is written', async () => {
    await using post = await office()
    expect(await post.ask(ada)).toBe('sent')
    expect(await post.ask({ email: 'ADA@example.com' }, elsewhere)).toBe(30)
    expect(await post.ask(eve)).toBe('sent')
  })

  it('has several windows: one letter in 30 seconds, and five in an hour', async () => {
    await using post = await office()
    const { clock } = post.world
    for (let at = 0; at < 5; at++) {
      expect(await post.ask(ada)).toBe('sent')
      clock.advance(29 * second)
      expect(await post.ask(ada)).toBe(1 + (at === 4 ? hour / second - 4 * 30 - 30 : 0))
      clock.advance(second)
    }
    clock.advance(hour - 5 * 30 * second)
    expect([await post.ask(ada), await post.ask(ada)]).toEqual(['sent', 30])
  })

  it('does not count a call without the value, or a call that fails', async () => {
    await using post = await office()
    expect([await post.ask({}), await post.ask({})]).toEqual(['sent', 'sent'])
    expect(await post.ask({ ...ada, fails: true })).toBe('internal')
    expect(await post.ask(ada)).toBe('sent')
  })

  it('takes turns of an IP address as well, and those first', async () => {
    await using post = await office()
    for (let at = 0; at < 5; at++) expect(await post.ask({ email: `${at}@example.com` })).toBe('sent')
    expect(await post.ask(ada)).toBe(1)
    expect(await post.ask(ada, elsewhere)).toBe('sent')
  })

  it('is one for all engines on a store: of many calls at once, one is answered', async () => {
    const storage = memoryStorage()
    const parts = { storage, hsm: memoryHsm(), clock: manualClock('2026-01-01T00:00:00Z'), background: false }
    const engines = await Promise.all([0, 1].map(() => createPawl({ ...parts, areas: [letters] })))
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => engines[at % 2]?.perform(send, ada, { ip: { version: 4, words: [at] } })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const engine of engines) await engine.close()
  })

  it('is off with the one switch for all limits', async () => {
    await using post = await office({ rateLimits: false })
    for (let at = 0; at < 20; at++) expect(await post.ask(ada)).toBe('sent')
  })

  it('G7: leaves nothing in the storage when its time is over', async () => {
    await using post = await office()
    for (let at = 0; at < 50; at++) await post.ask({ email: `${at}@example.com` }, { version: 4, words: [at] })
    expect(post.world.storedKinds().quota).toBeGreaterThan(40)
    post.world.clock.advance(2 * hour + minute)
    await post.world.pawl.runJobs()
    expect(post.world.storedKinds().quota ?? 0).toBe(0)
  })

  it('shows the storage neither the address nor a hash of it', async () => {
    const seen: string[] = []
    const storage = memoryStorage()
    const commitMany: typeof storage.commitMany = (batches) => {
      seen.push(JSON.stringify(batches))
      return storage.commitMany(batches)
    }
    await using post = await office({ storage: { ...storage, commitMany } })
    await post.ask(ada)
    expect(seen.join()).toContain('"quota"')
    expect(seen.join()).not.toContain(ada.email)
    expect(seen.join()).not.toContain(hex(nobleCrypto.sha256(frame(utf8(ada.email)))).slice(0, 5))
  })
})

describe('an engine refuses to open with', () => {
  const opened = (change: Partial<typeof send>) =>
    testPawl({ areas: [{ name: 'letters', operations: { send: { ...send, ...change } } }] })

  it('a public operation that counts per caller', async () => {
    await expect(opened({ limits: [{ per: 'caller', quota: quotas.mail }] })).rejects.toThrow('public')
  })

  it('a quota on an operation that stores nothing', async () => {
    await expect(opened({ effect: 'read' })).rejects.toThrow('effect write')
  })
})
