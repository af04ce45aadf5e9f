import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { countedWork, withoutBytes } from '../../../test/counted-work.ts'

// Goal: the time of an answer does not show a stranger which names exist. The tests count work and measure no time: hashes, reads,
// commits and records are the same, in the same order, for every name. passwords.test.ts tests the sign-in.

const known = 'aunt-ada@example.com'
const unknown = 'no-uncle@example.com'
const password = tagged('Correct-Horse-7')

const stranger = ({ pawl }: World) => pawl.as({ bearer: null })

const flows: Record<string, (world: World, email: string) => Promise<unknown>> = {
  'a forgotten password': (world, email) => stranger(world).accounts.forgotPassword({ email }),
  'a sign-up': (world, email) => stranger(world).accounts.signUp({ email, password }),
  'a code by mail': (world, email) => stranger(world).accounts.sendEmailCode({ email }),
  'a wrong code': (world, email) =>
    stranger(world)
      .accounts.verifyEmailCode({ email, code: 'no code' })
      .catch(({ code }) => expect(code).toBe('code_invalid')),
  'an enrolment': (world, human_email) => stranger(world).enrolments.enroll({ name: 'agent', human_email }),
}

describe.each([
  ['an engine that remembers what it read', {}],
  ['an engine that remembers nothing', { cacheBytes: 1 }],
  ['an engine that shares its store', { isShared: true }],
])('on %s', (_, { isShared, ...more }: { isShared?: boolean; cacheBytes?: number }) => {
  it.each(Object.entries(flows))('%s costs the same for every address (B11)', async (name, call) => {
    const { options, work } = countedWork({ isShared })
    const settings = { signUp: name === 'a sign-up' ? 'open' : 'closed' } as const
    await using world = await testPawl({ ...options, ...more, ...settings })
    await world.owner.orgs.addMember({ email: known, password })
    for (let round = 0; round < 2; round++) {
      const of = await work(() => call(world, known))
      const none = await work(() => call(world, unknown))
      // The first round creates the counters of both addresses.
      if (round === 0) continue
      expect(of.commits).toBe(1)
      expect(withoutBytes(none)).toEqual(withoutBytes(of))
    }
    await world.pawl.runJobs()
    const to = new Set(world.mail.sent.map((message) => message.to))
    expect([...to].toSorted()).toEqual(name === 'a sign-up' ? [known, unknown] : name === 'a wrong code' ? [] : [known])
  })

  it('an enrolment costs the same when the user has no place for another request (B11)', async () => {
    const { options, work } = countedWork({ isShared })
    await using world = await testPawl({ ...options, ...more })
    await world.owner.orgs.addMember({ email: known, password })
    const call = (human_email: string) => stranger(world).enrolments.enroll({ name: 'agent', human_email })
    for (let times = 0; times < 100; times++) await call(known)
    await call(unknown)
    // Requests for unknown addresses end after a minute.
    world.clock.advance(120_000)
    const [of, none] = [await work(() => call(known)), await work(() => call(unknown))]
    expect(withoutBytes(of)).toEqual(withoutBytes(none))
    expect(of.commits).toBe(1)
  })

  it('a certificate costs the same for every agent ID', async () => {
    const { options, work } = countedWork({ isShared })
    await using world = await testPawl({ ...options, ...more })
    const { agent } = await world.owner.agents.create({
      name: 'a',
      auth_method: 'mtls',
      client_cert_fingerprint: 'a'.repeat(64),
    })
    const shows = world.pawl.as({ bearer: null, clientCertificate: 'b'.repeat(64) })
    const ask = (agent_id: string) =>
      work(() => shows.auth.agentToken({ agent_id }).catch(({ code }) => expect(code).toBe('invalid_agent_identity')))
    const stranger = '00000000-0000-4000-8000-000000000000'
    for (const id of [agent.id, stranger]) await ask(id)
    const of = await ask(agent.id)
    expect(of.commits).toBe(1)
    expect(withoutBytes(await ask(stranger))).toEqual(withoutBytes(of))
  })
})
