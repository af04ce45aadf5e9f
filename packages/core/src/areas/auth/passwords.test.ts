import { registry } from '@pawl/core'
import { memoryStorage } from '@pawl/core/ports/reference'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { countedWork, withoutBytes } from '../../../test/counted-work.ts'
import { parseAddress } from '../../kernel/ip.ts'
import { minute } from '../../kernel/time.ts'

// Goal: a password lets its owner in, and nobody learns anything from trying others. Work is counted, never timed.

const email = 'ada@example.com'
const password = 'Correct-Horse-7'
const wrong = expect.objectContaining({ code: 'wrong_password', kind: 'unauthenticated' })

async function withAda(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const { id } = await world.owner.orgs.addMember({ email, password, display_name: 'Ada' })
  return { world, id, ada: { user: id } }
}

function signIn(world: World, given: { email: string; password: string }) {
  return world.pawl.as({}).auth.token(given)
}

function message(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'let in',
    (error) => {
      expect(error).toEqual(wrong)
      return `${error.message} ${JSON.stringify(error.data ?? null)}`
    },
  )
}

async function fail(world: World, times: number, address = email): Promise<void> {
  for (let count = 0; count < times; count++) await message(signIn(world, { email: address, password: 'no' }))
}

describe('signing in with a password (3.2)', () => {
  it('answers a bearer token for 900 seconds, and nothing else', async () => {
    const { world, id } = await withAda()
    await using _ = world
    const { access_token, ...rest } = await signIn(world, { email, password })
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 900 })
    expect(`${access_token}`).toBe('[secret]')
    expect(await world.pawl.as(access_token.reveal()).auth.me()).toMatchObject({ id, email, org_id: world.org })
  })

  it('takes an address in any spelling of it', async () => {
    const { world } = await withAda()
    await using _ = world
    for (const spelled of ['ADA@EXAMPLE.COM', ' ada@example.com ', 'Ada@Example.com\n']) {
      await expect(signIn(world, { email: spelled, password })).resolves.toBeDefined()
    }
  })

  it('takes the password as it is: no spelling of it but its own', async () => {
    const { world } = await withAda()
    await using _ = world
    for (const spelled of [` ${password}`, `${password} `, password.toLowerCase(), `${password}\0`, '']) {
      await expect(signIn(world, { email, password: spelled })).rejects.toEqual(wrong)
    }
  })

  it('works although the bearer that came along is of another organisation, or has been revoked (1.1.7)', async () => {
    const { world } = await withAda()
    await using _ = world
    const { ownerId, org } = await world.otherOrg()
    const theirs = (await world.pawl.as({ user: ownerId }).auth.refresh()).access_token.reveal()
    const signedIn = await world.pawl.as(theirs).auth.token({ email, password })
    expect(await world.pawl.as(signedIn.access_token.reveal()).auth.me()).toMatchObject({ org_id: world.org })
    await world.pawl.as(theirs).auth.revoke()
    await expect(world.pawl.as(theirs).auth.token({ email, password })).resolves.toBeDefined()
    expect(org).not.toBe(world.org)
  })

  it('lets nobody in who has no password', async () => {
    await using world = await testPawl()
    const { id } = await world.member()
    const { email: address } = await world.pawl.as({ user: id }).auth.me()
    for (const guess of ['', 'null', 'undefined', password]) {
      await expect(signIn(world, { email: address, password: guess })).rejects.toEqual(wrong)
    }
  })

  it('tells the trail of the organisation who came in, and who tried, but never with what', async () => {
    const storage = memoryStorage()
    const { world, id } = await withAda({ storage })
    await using _ = world
    await fail(world, 1)
    await signIn(world, { email, password })
    const events = (await world.owner.audit.events()).events.filter(({ action }) => action.startsWith('auth.'))
    expect(events).toMatchObject([
      { action: 'auth.success', actor_type: 'user', actor_id: id, details: { method: 'password' } },
      { action: 'auth.failure', resource_id: id, details: { method: 'password', outcome: 'denied' } },
    ])
    expect(JSON.stringify(events)).not.toMatch(/Correct-Horse|example\.com/)
  })
})

describe('trying passwords', () => {
  it('gives one answer, whether the address is unknown, known, without a password or locked (B11)', async () => {
    const { world } = await withAda()
    await using _ = world
    const { id } = await world.member()
    const bare = (await world.pawl.as({ user: id }).auth.me()).email
    const answers = new Set<string>()
    for (const address of ['nobody@example.com', email, bare, '@', '']) {
      answers.add(await message(signIn(world, { email: address, password: 'no' })))
    }
    await fail(world, 10)
    answers.add(await message(signIn(world, { email, password })))
    expect(answers.size).toBe(1)
  })

  it.each([
    ['remembers what it read', {}],
    ['remembers nothing', { cacheBytes: 1 }],
    ['shares its store', { isShared: true }],
  ])(
    'costs the same hashes, reads and writes, byte for byte, for every address, on an engine that %s (B11)',
    async (_, { isShared, ...more }: { isShared?: boolean; cacheBytes?: number }) => {
      const { options, work } = countedWork({ isShared })
      const { world } = await withAda({ ...options, ...more })
      await using __ = world
      const { id } = await world.member()
      const bare = (await world.pawl.as({ user: id }).auth.me()).email
      const guess = (address: string, given = 'no') =>
        work(() => message(signIn(world, { email: address, password: given })))
      // After this, numbers in the trail have two digits, each name has a first failure, and the key that signs tokens exists.
      await fail(world, 12, 'others@example.com')
      for (const address of [email, 'nobody@example.com', bare]) await guess(address)
      const known = await guess(email)
      expect(known).toMatchObject({ hashes: [expect.anything()], commits: 1 })
      const kinds = known.calls.map((call) => call.split(' ')[1])
      expect(kinds).toEqual(expect.arrayContaining(['passwordFailures', 'auditBlock', 'auditLane']))
      expect(await guess('nobody@example.com')).toEqual(known)
      expect(await guess(bare)).toEqual(known)
      expect(await guess('nobody@example.com', password)).toEqual(await guess(email))
      await signIn(world, { email, password })
      const right = await guess(email, password)
      expect([right.hashes, right.commits]).toEqual([known.hashes, 1])
      for (const address of [email, 'nobody@example.com']) await fail(world, 10, address)
      // Only a known address has a known client, so the bytes differ.
      const locked = withoutBytes(await guess(email, password))
      expect(locked).toMatchObject({ hashes: known.hashes, commits: 1 })
      expect(withoutBytes(await guess('nobody@example.com', password))).toEqual(locked)
    },
  )

  it('writes the same event for an unknown address, to the trail of the organisation that runs the server', async () => {
    const { world } = await withAda()
    await using _ = world
    await fail(world, 1, 'nobody@example.com')
    const [event] = (await world.owner.audit.events()).events
    const resource_id = expect.stringMatching(/^nobody-[0-9a-f]{29}$/)
    expect(event).toMatchObject({ action: 'auth.failure', resource_id, details: { method: 'password' } })
  })

  it('takes no room that grows with the number of addresses (G7)', async () => {
    const storage = memoryStorage()
    await using world = await testPawl({ storage })
    const puts = new Set<string>()
    const inner = storage.commitMany.bind(storage)
    storage.commitMany = (batches) => {
      for (const write of batches.flat()) if (write.kind === 'passwordFailures') puts.add(write.id)
      return inner(batches)
    }
    for (let count = 0; count < 40; count++) await fail(world, 1, `${count}@example.com`)
    for (const id of puts) expect(id).toMatch(/^nobody-0{26}[0-9a-f]{3}$/)
    expect(puts.size).toBeGreaterThan(30)
  })
})

describe('ten wrong passwords (B12)', () => {
  it('lock the account for every spelling of its address, for 15 minutes, and for the right password too', async () => {
    const { world } = await withAda()
    await using _ = world
    const spellings = [email, 'ADA@example.com', ' ada@example.com', 'ada@EXAMPLE.com ']
    for (let count = 0; count < 10; count++) await fail(world, 1, spellings[count % 4])
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
    world.clock.advance(15 * minute - 1)
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
    world.clock.advance(1)
    await expect(signIn(world, { email, password })).resolves.toBeDefined()
  })

  it('are needed: nine are forgiven by the right one', async () => {
    const { world } = await withAda()
    await using _ = world
    for (let round = 0; round < 3; round++) {
      await fail(world, 9)
      await expect(signIn(world, { email, password })).resolves.toBeDefined()
    }
  })

  it('are counted one by one when they come all at once', async () => {
    const { world } = await withAda()
    await using _ = world
    // Among forty guesses at the same moment, at most the ten first ones may have counted.
    const guesses = Array.from({ length: 40 }, () => message(signIn(world, { email, password: 'no' })))
    await Promise.all(guesses)
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
    world.clock.advance(15 * minute)
    await expect(signIn(world, { email, password })).resolves.toBeDefined()
  })

  it('are not prolonged by guesses at a locked account, so nobody is shut out for good', async () => {
    const { world } = await withAda()
    await using _ = world
    await fail(world, 10)
    world.clock.advance(14 * minute)
    await fail(world, 10)
    world.clock.advance(minute)
    await expect(signIn(world, { email, password })).resolves.toBeDefined()
  })

  it('do not come slowly either: each one is remembered for 15 minutes after it', async () => {
    const { world } = await withAda()
    await using _ = world
    for (let count = 0; count < 10; count++) {
      world.clock.advance(10 * minute)
      await fail(world, 1)
    }
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
  })

  it('leave other accounts alone', async () => {
    const { world } = await withAda()
    await using _ = world
    await world.owner.orgs.addMember({ email: 'bob@example.com', password })
    await fail(world, 10)
    await expect(signIn(world, { email: 'bob@example.com', password })).resolves.toBeDefined()
  })

  it('are counted where a password is changed too, and by the same counter (B13)', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const change = (current_password: string) =>
      world.pawl.as(ada).auth.changePassword({ current_password, new_password: 'Battery-Staple-8' })
    const invalid = expect.objectContaining({
      code: 'invalid_input',
      data: {
        fields: {
          current_password: 'is wrong. After 10 wrong passwords, the account refuses every password for 15 minutes',
        },
      },
    })
    for (let count = 0; count < 5; count++) await expect(change('no')).rejects.toEqual(invalid)
    await fail(world, 5)
    await expect(change(password)).rejects.toEqual(invalid)
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
  })
})

describe('wrong passwords from one address', () => {
  const at = (world: World, ip: string, given: { email: string; password: string }) =>
    message(world.pawl.perform(registry.auth.token, given, { ip: parseAddress(ip) }))
  const guess = async (world: World, ip: string, times: number, address = email) => {
    for (let count = 0; count < times; count++) await at(world, ip, { email: address, password: 'no' })
  }

  it('do not lock the owner out at another address (M13)', async () => {
    const { world } = await withAda()
    await using _ = world
    await guess(world, '203.0.113.7', 20)
    expect(await at(world, '203.0.113.7', { email, password })).not.toBe('let in')
    expect(await at(world, '192.0.2.1', { email, password })).toBe('let in')
    expect(await at(world, '203.0.113.7', { email, password })).not.toBe('let in')
    world.clock.advance(15 * minute)
    expect(await at(world, '203.0.113.7', { email, password })).toBe('let in')
  })

  it('are those of its whole network, where one host has many addresses (M13)', async () => {
    const { world } = await withAda()
    await using _ = world
    for (let count = 0; count < 10; count++) await guess(world, `2001:db8:1:1::${count}`, 1)
    expect(await at(world, '2001:db8:1:1::ffff', { email, password })).not.toBe('let in')
    expect(await at(world, '2001:db8:1:2::1', { email, password })).toBe('let in')
  })

  it('from many addresses lock all but those that the account knows, after a hundred (B24, M13)', async () => {
    const { world } = await withAda()
    await using _ = world
    expect(await at(world, '192.0.2.1', { email, password })).toBe('let in')
    for (let host = 0; host < 20; host++) await guess(world, `203.0.113.${host}`, 5)
    expect(await at(world, '203.0.113.99', { email, password })).not.toBe('let in')
    expect(await at(world, '192.0.2.1', { email, password })).toBe('let in')
    // The owner coming in forgives nobody else.
    expect(await at(world, '203.0.113.99', { email, password })).not.toBe('let in')
    world.clock.advance(15 * minute)
    expect(await at(world, '203.0.113.99', { email, password })).toBe('let in')
  })
})

describe('a new password', () => {
  it('ends sessions, says so in the trail, and ends API keys when it is asked to (M18)', async () => {
    const { world, id } = await withAda()
    await using _ = world
    const bearer = (await signIn(world, { email, password })).access_token.reveal()
    const { api_key } = await world.pawl.as(bearer).auth.createApiKey({ name: 'laptop', current_password: password })
    const exchanged = (await world.pawl.as({}).auth.apiKeyToken({ api_key: api_key.reveal() })).access_token.reveal()
    const isIn = (who: string) =>
      world.pawl
        .as(who)
        .auth.me()
        .then(
          () => true,
          () => false,
        )
    const second = 'Battery-Staple-8'
    await world.pawl.as(bearer).auth.changePassword({ current_password: password, new_password: second })
    expect([await isIn(bearer), await isIn(exchanged), await isIn(api_key.reveal())]).toEqual([false, false, true])
    const change = { current_password: second, new_password: password, end_api_keys: true }
    await world.pawl.as(api_key.reveal()).auth.changePassword(change)
    expect(await isIn(api_key.reveal())).toBe(false)
    const { events } = await world.owner.audit.events()
    expect(events.filter(({ action }) => action === 'user.password_change')).toMatchObject([
      { actor_id: id, details: { sessions: 'ended', api_keys: 'ended' } },
      { actor_id: id, details: { sessions: 'ended', api_keys: 'kept' } },
    ])
  })

  it('must be a good one, and the old one must be right (3.4)', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const change = (current_password: string, new_password: string) =>
      world.pawl.as(ada).auth.changePassword({ current_password, new_password })
    const bad = [
      'Short-7',
      'correct-horse-7',
      'CORRECT-HORSE-7',
      'Correct-Horse-x',
      'CorrectHorse77',
      'Correct-Hooorse-7',
    ]
    for (const one of [...bad, 'Correct-Horse-789', 'Correct-Horse-cba7']) {
      await expect(change(password, one)).rejects.toMatchObject({
        data: { fields: { new_password: expect.stringMatching(/^must/) } },
      })
    }
    await expect(change('no', 'Battery-Staple-8')).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(signIn(world, { email, password })).resolves.toBeDefined()
  })

  it('takes the place of the old one, and the mailbox is told', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    await world.pawl.as(ada).auth.changePassword({ current_password: password, new_password: 'Battery-Staple-8' })
    await world.pawl.runJobs()
    expect(world.mail.sent.at(-1)).toMatchObject({ to: email, subject: 'Your password was changed' })
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
    await expect(signIn(world, { email, password: 'Battery-Staple-8' })).resolves.toBeDefined()
  })

  it('is never in an error', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const given = { current_password: 'Old-Secret-1', new_password: 'weak secret' }
    const error: Error = await world.pawl
      .as(ada)
      .auth.changePassword(given)
      .catch((error) => error)
    expect(`${error.message}${JSON.stringify(error)}`).not.toMatch(/Old-Secret|weak secret/)
  })
})

describe('deleting one’s own account (12.1, 3.4)', () => {
  const confirmation = 'DELETE MY ACCOUNT'

  it('ends every way in at once, and leaves the address to others', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const bearer = (await signIn(world, { email, password })).access_token.reveal()
    const key = (await world.pawl.as(ada).auth.createApiKey({ name: 'laptop' })).api_key.reveal()
    expect(await world.pawl.as(bearer).auth.deleteMe({ confirmation, auth_confirm: password })).toBeUndefined()
    for (const who of [bearer, key, ada]) {
      await expect(world.pawl.as(who).auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
    }
    await expect(signIn(world, { email, password })).rejects.toEqual(wrong)
    await expect(world.owner.orgs.addMember({ email })).resolves.toMatchObject({ email })
  })

  it('needs the exact words, and the right password where one is given', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const { auth } = world.pawl.as(ada)
    for (const given of ['delete my account', `${confirmation} `, '', true]) {
      await expect(auth.deleteMe({ confirmation: given } as never)).rejects.toMatchObject({
        data: { fields: { confirmation: 'must be exactly DELETE MY ACCOUNT' } },
      })
    }
    await expect(auth.deleteMe({ confirmation, auth_confirm: 'no' })).rejects.toMatchObject({
      code: 'confirmation_wrong',
    })
    await expect(signIn(world, { email, password })).resolves.toBeDefined()
  })

  it('is not for the last owner, be it that two owners leave at the same moment', async () => {
    await using world = await testPawl()
    const last = expect.objectContaining({ code: 'last_owner' })
    await expect(world.owner.auth.deleteMe({ confirmation })).rejects.toEqual(last)
    const { as } = await world.member({ role: 'owner' })
    const left = await Promise.allSettled([
      as.auth.deleteMe({ confirmation }),
      world.owner.auth.deleteMe({ confirmation }),
    ])
    expect(left.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is not for agents, nor for a key that may not write here', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const { as } = await world.agent()
    const { api_key } = await world.pawl.as(ada).auth.createApiKey({ name: 'x', scopes: ['auth:read'] })
    for (const by of [as, world.pawl.as(api_key.reveal())]) {
      await expect(by.auth.deleteMe({ confirmation })).rejects.toMatchObject({ kind: 'denied' })
    }
  })
})
