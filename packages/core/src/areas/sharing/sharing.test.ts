import { type Pawl, PawlError, Secret } from '@pawl/core'
import { memoryHsm, memoryStorage, noMailer } from '@pawl/core/ports/reference'
import { parseAddress } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { shareRef } from './index.ts'

// Goal: who gets a shared secret, and who does not. Method: one secret, a share of it for every kind of recipient, and
// everybody at the door.

type Client = ReturnType<Pawl['as']>
type Wanted = Omit<Parameters<Client['sharing']['create']>[0], 'secret_id'>

const hours = (count: number) => count * 3_600_000
const link = { recipient_type: 'anyone_with_link' } as const

async function sharingWorld(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const { id: vaultId } = await world.owner.vaults.create({ name: 'prod' })
  const place = { vault_id: vaultId, path: 'db/password' }
  const { id: secretId } = await world.owner.secrets.put({ ...place, value: tagged('hunter2'), type: 'password' })
  const share = (wanted: Wanted, by: Client = world.owner) => by.sharing.create({ secret_id: secretId, ...wanted })
  const anybody = world.pawl.as({})
  return { ...world, vaultId, place, secretId, share, anybody }
}

async function kindOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'answered'
  } catch (error) {
    return error instanceof PawlError ? error.kind : `crashed: ${error}`
  }
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error) => error.code,
  )
}

async function messageOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error) => error.message,
  )
}

const revealed = (shared: { value: Secret<string> }) => shared.value.reveal()

describe('a share by link', () => {
  it('gives the secret to whoever has the id, in the fields of the contract (core.md A11, A12)', async () => {
    const { share, anybody, place } = await sharingWorld({ publicUrl: 'https://vault.example/' })
    const made = await share({ ...link, expires_at: '2026-01-01T12:00:00Z' })
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      share_url: `https://vault.example/share/${made.id}`,
      recipient_type: 'anyone_with_link',
      expires_at: '2026-01-01T12:00:00.000Z',
      max_access_count: 5,
    })
    const shared = await anybody.sharing.access({ share_id: made.id })
    expect(shared).toEqual({
      id: made.id,
      path: place.path,
      type: 'password',
      value: expect.any(Secret),
      access_count: 1,
      max_access_count: 5,
    })
    expect(revealed(shared)).toBe(tagged('hunter2'))
  })

  it('takes no notice of who else the reader is, at home or elsewhere (core.md 1.1.7)', async () => {
    const { share, pawl, otherOrg, member, agent } = await sharingWorld()
    const { id } = await share(link)
    const { owner: stranger } = await otherOrg()
    for (const reader of [stranger, (await member()).as, (await agent()).as, pawl.as('an old token')]) {
      expect(revealed(await reader.sharing.access({ share_id: id }))).toBe(tagged('hunter2'))
    }
  })

  it('is read so many times and no more, and with 0 as often as anybody likes (core.md 9.2.5)', async () => {
    const { share, anybody } = await sharingWorld()
    for (const [wanted, reads] of [
      [{}, 5],
      [{ max_access_count: 1 }, 1],
      [{ max_access_count: null }, 5],
    ] as const) {
      const { id } = await share({ ...link, ...wanted })
      for (let at = 0; at < reads; at++) await anybody.sharing.access({ share_id: id })
      expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('share_gone')
    }
    const { id } = await share({ ...link, max_access_count: 0 })
    for (let at = 1; at <= 12; at++) {
      expect(await anybody.sharing.access({ share_id: id })).toMatchObject({ access_count: at, max_access_count: 0 })
    }
  })

  it('ends at its moment, and a day after it was made when none was given (core.md 9.2.6)', async () => {
    const { share, anybody, clock } = await sharingWorld()
    const { id, expires_at } = await share(link)
    expect(expires_at).toBe('2026-01-02T00:00:00.000Z')
    clock.advance(hours(24) - 1)
    await anybody.sharing.access({ share_id: id })
    clock.advance(1)
    expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('share_gone')
  })

  it('says why it is gone: used up, locked by wrong passphrases, or expired', async () => {
    const { share, anybody, clock } = await sharingWorld({ rateLimits: false })
    const [used, locked, old] = [
      await share({ ...link, max_access_count: 1 }),
      await share({ ...link, passphrase: tagged('open sesame') }),
      await share(link),
    ]
    const whyGone = (share_id: string) =>
      anybody.sharing.access({ share_id }).then(
        () => 'answered',
        (error) => error.data?.reason ?? error.code,
      )
    expect([await whyGone(used.id), await whyGone(used.id)]).toEqual(['answered', 'used_up'])
    for (let tries = 0; tries < 10; tries++) {
      await codeOf(anybody.sharing.access({ share_id: locked.id, passphrase: tagged('wrong') }))
    }
    expect(await whyGone(locked.id)).toBe('locked')
    clock.advance(hours(24))
    expect(await whyGone(old.id)).toBe('expired')
  })

  it('refuses a read with the reason: the IP address, the creator, or the secret', async () => {
    const { share, anybody, owner, agent, vaultId, place } = await sharingWorld()
    const policies = [{ pattern: '**' }]
    const [off, limited] = [
      await agent({ vault: vaultId, policies, link_shares_enabled: true }),
      await agent({ vault: vaultId, policies, link_shares_enabled: true }),
    ]
    const byOff = await share(link, off.as)
    const byLimited = await share(link, limited.as)
    const fromElsewhere = await share({ ...link, ip_allowlist: ['10.0.0.0/8'] })
    const open = await share(link)
    await owner.agents.update({ agent_id: off.id, is_active: false })
    await owner.agents.update({ agent_id: limited.id, link_shares_enabled: false })
    const why = ({ id }: { id: string }) => messageOf(anybody.sharing.access({ share_id: id }))
    expect(await why(fromElsewhere)).toBe('The share does not allow your IP address.')
    expect(await why(byOff)).toBe('The creator of the share is no longer active.')
    expect(await why(byLimited)).toContain('The creator of the share may not read the secret now')
    await owner.secrets.delete(place)
    expect(await why(open)).toBe(await messageOf(owner.secrets.get(place)))
  })

  it('of a human may last for years', async () => {
    const { share } = await sharingWorld()
    const { expires_at } = await share({ ...link, expires_at: '2036-01-01T00:00:00Z' })
    expect(expires_at).toBe('2036-01-01T00:00:00.000Z')
  })

  it('gives the version that is current when it is read, and the path it has then (core.md 9.2.12)', async () => {
    const { share, anybody, owner, place } = await sharingWorld()
    const { id } = await share(link)
    await owner.secrets.put({ ...place, value: tagged('hunter3'), type: 'note' })
    const shared = await anybody.sharing.access({ share_id: id })
    expect(shared.type).toBe('note')
    expect(revealed(shared)).toBe(tagged('hunter3'))
  })

  it('ends with the secret: expired, disabled or read up; and goes on when that comes back', async () => {
    const { share, anybody, owner, place, clock, vaultId } = await sharingWorld()
    const { id } = await share({ ...link, max_access_count: 0, expires_at: '2027-01-01T00:00:00Z' })
    const access = () => codeOf(anybody.sharing.access({ share_id: id }))
    expect(await access()).toBe('answered')
    await owner.secrets.disableVersion({ ...place, version: 1 })
    expect(await access()).toBe('secret_gone')
    await owner.secrets.put({ ...place, value: tagged('a'), expires_at: '2026-01-01T01:00:00Z' })
    clock.advance(hours(1))
    expect(await access()).toBe('secret_gone')
    await owner.secrets.put({ ...place, value: tagged('b'), max_access_count: 2 })
    expect([await access(), await codeOf(owner.secrets.get(place)), await access()]).toEqual([
      'answered',
      'answered',
      'secret_gone',
    ])
    // What was refused took nothing: two reads were answered.
    expect(await owner.sharing.get({ share_id: id })).toMatchObject({ access_count: 2 })
    await owner.vaults.delete({ vault_id: vaultId })
    expect(await access()).toBe('share_not_found')
  })

  it('is gone, and not an error of ours, while its vault is being taken away', async () => {
    const { share, anybody, owner, vaultId, hsm } = await sharingWorld()
    const { id } = await share(link)
    hsm.destroyKey = async () => {
      throw new Error('not now')
    }
    await kindOf(owner.vaults.delete({ vault_id: vaultId }))
    expect(await kindOf(anybody.sharing.access({ share_id: id }))).toBe('gone')
    expect((await owner.sharing.outbound({})).shares).toHaveLength(1)
  })
})

describe('a share for somebody', () => {
  it('is read by them alone, signed in, and only once they accepted it (core.md 9.2.9)', async () => {
    const { share, anybody, owner, member, otherOrg } = await sharingWorld()
    const bob = await member()
    const eve = await member()
    const stranger = await otherOrg()
    const { id } = await share({ recipient_type: 'user', recipient_id: bob.id })
    const access = (who: Client) => kindOf(who.sharing.access({ share_id: id }))
    expect(await access(anybody)).toBe('unauthenticated')
    expect(await access(bob.as)).toBe('denied')
    expect(await kindOf(eve.as.sharing.accept({ share_id: id }))).toBe('denied')
    expect(await kindOf(owner.sharing.accept({ share_id: id }))).toBe('denied')
    expect(await kindOf(stranger.owner.sharing.accept({ share_id: id }))).toBe('not_found')
    await bob.as.sharing.accept({ share_id: id })
    await bob.as.sharing.accept({ share_id: id })
    expect(await access(bob.as)).toBe('answered')
    expect(await access(eve.as)).toBe('denied')
    expect(await access(owner)).toBe('denied')
    expect(await access(stranger.owner)).toBe('not_found')
    expect(await access(anybody)).toBe('unauthenticated')
  })

  it('tells other callers what to do', async () => {
    const { share, anybody, member, clock, owner, pawl } = await sharingWorld()
    const [bob, eve] = [await member(), await member()]
    const { id } = await share({ recipient_type: 'user', recipient_id: bob.id })
    const access = (who: Client) => messageOf(who.sharing.access({ share_id: id }))
    expect(await access(anybody)).toContain('Sign in as that recipient.')
    expect(await access(eve.as)).toBe('This share is not for you.')
    expect(await access(bob.as)).toBe('Accept the share first.')
    const app = await owner.platform.createApp({ name: 'App', slug: 'app' })
    expect(await access(pawl.as(app.api_key.reveal()))).toContain('Sign in as that recipient.')
    clock.advance(hours(24))
    expect(await messageOf(bob.as.sharing.accept({ share_id: id }))).toBe('The share has expired.')
  })

  it('is listed as accepted after that, and lists are in the order of creation', async () => {
    const { share, member, clock, pawl, otherOrg } = await sharingWorld()
    const stranger = await otherOrg()
    const email = 'owner-1@example.org'
    const bob = await member()
    const ids: string[] = []
    for (const wanted of [{}, { max_access_count: 3 }]) {
      ids.push((await share({ recipient_type: 'user', recipient_id: bob.id, ...wanted })).id)
      clock.advance(1)
    }
    await bob.as.sharing.accept({ share_id: ids[0] ?? '' })
    const { shares } = await bob.as.sharing.inbound({})
    expect(shares.map(({ id, is_accepted }) => [id, is_accepted])).toEqual([
      [ids[0], true],
      [ids[1], false],
    ])
    // By address and by ID, of two organisations.
    const { id: vault } = await stranger.owner.vaults.create({ name: 'theirs' })
    const { id: secret_id } = await stranger.owner.secrets.put({ vault_id: vault, path: 'a', value: tagged('x') })
    const made: string[] = []
    for (const by of ['email', 'id', 'email'] as const) {
      clock.advance(1)
      const wanted = { recipient_type: 'user', recipient_id: stranger.ownerId } as const
      const { id } =
        by === 'email'
          ? await share({ recipient_type: 'external_email', email })
          : await stranger.owner.sharing.create({ secret_id, ...wanted })
      made.push(id)
    }
    const theirs = await pawl.as({ user: stranger.ownerId }).sharing.inbound({})
    expect(theirs.shares.map(({ id }) => id)).toEqual(made)
  })

  it('is accepted and read by an agent in the same way (core.md 9.2.21)', async () => {
    const { share, agent } = await sharingWorld()
    const bot = await agent()
    const { id } = await share({ recipient_type: 'agent', recipient_id: bot.id })
    expect((await bot.as.sharing.inbound({})).shares).toMatchObject([{ id, is_accepted: false }])
    await bot.as.sharing.accept({ share_id: id })
    expect(revealed(await bot.as.sharing.access({ share_id: id }))).toBe(tagged('hunter2'))
  })

  it('needs a recipient who is there, and of this organisation (core.md 9.2.3)', async () => {
    const { share, otherOrg, owner, agent, ownerId } = await sharingWorld()
    const stranger = await otherOrg()
    const off = await agent()
    await owner.agents.update({ agent_id: off.id, is_active: false })
    for (const wanted of [
      { recipient_type: 'user', recipient_id: stranger.ownerId },
      { recipient_type: 'user', recipient_id: off.id },
      { recipient_type: 'agent', recipient_id: off.id },
      { recipient_type: 'agent', recipient_id: ownerId },
    ] as const) {
      expect(await codeOf(share(wanted)), JSON.stringify(wanted)).toBe('recipient_not_found')
    }
  })

  it('disappears for both when it is declined, accepted or not (core.md 9.2.14)', async () => {
    const { share, owner, member } = await sharingWorld()
    const bob = await member()
    for (const accepts of [false, true]) {
      const { id } = await share({ recipient_type: 'user', recipient_id: bob.id })
      if (accepts) await bob.as.sharing.accept({ share_id: id })
      await bob.as.sharing.decline({ share_id: id })
      expect((await bob.as.sharing.inbound({})).shares).toEqual([])
      expect((await owner.sharing.outbound({})).shares).toEqual([])
      expect(await kindOf(bob.as.sharing.access({ share_id: id }))).toBe('not_found')
      expect(await kindOf(bob.as.sharing.accept({ share_id: id }))).toBe('not_found')
      expect(await kindOf(bob.as.sharing.decline({ share_id: id }))).toBe('not_found')
    }
  })

  it('cannot be accepted any more once it expired', async () => {
    const { share, member, clock } = await sharingWorld()
    const bob = await member()
    const { id } = await share({ recipient_type: 'user', recipient_id: bob.id })
    clock.advance(hours(24))
    expect(await kindOf(bob.as.sharing.accept({ share_id: id }))).toBe('gone')
    expect((await bob.as.sharing.inbound({})).shares).toMatchObject([{ id, is_expired: true }])
  })

  it('is listed to both sides, without the value, in the fields of the contract', async () => {
    const { share, owner, member, place } = await sharingWorld()
    const bob = await member()
    const { id } = await share({ recipient_type: 'user', recipient_id: bob.id, max_access_count: 2 })
    const item = {
      id,
      secret_path: place.path,
      recipient_type: 'user',
      access_count: 0,
      max_access_count: 2,
      expires_at: '2026-01-02T00:00:00.000Z',
      created_at: '2026-01-01T00:00:00.000Z',
      is_expired: false,
      is_accepted: false,
    }
    expect(await owner.sharing.outbound({})).toEqual({ shares: [item] })
    expect(await bob.as.sharing.inbound({})).toEqual({ shares: [item] })
    expect(await bob.as.sharing.outbound({})).toEqual({ shares: [] })
    expect(await bob.as.sharing.get({ share_id: id })).toEqual(item)
    expect(await kindOf((await member()).as.sharing.get({ share_id: id }))).toBe('not_found')
  })
})

describe('a share of an agent with its creator', () => {
  it('goes to the human who made the agent, also through another agent (core.md 9.2.1, 21.11)', async () => {
    const { share, owner, agent, vaultId } = await sharingWorld()
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }] })
    const made = await share({ recipient_type: 'creator' }, bot.as)
    expect(made.recipient_type).toBe('creator')
    expect(await kindOf(owner.sharing.access({ share_id: made.id }))).toBe('denied')
    await owner.sharing.accept({ share_id: made.id })
    expect(revealed(await owner.sharing.access({ share_id: made.id }))).toBe(tagged('hunter2'))
  })

  it('is for agents only, and names nobody', async () => {
    const { share, agent, vaultId, ownerId } = await sharingWorld()
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }] })
    expect(await kindOf(share({ recipient_type: 'creator' }))).toBe('invalid')
    expect(await kindOf(share({ recipient_type: 'creator', recipient_id: ownerId }, bot.as))).toBe('invalid')
    expect(await kindOf(share({ recipient_type: 'creator', email: 'a@example.com' }, bot.as))).toBe('invalid')
  })
})

describe('a share with an e-mail address', () => {
  it('waits for whoever signs in with it, in whatever organisation (core.md 9.2.15)', async () => {
    const { share, owner, otherOrg, mail, pawl, anybody } = await sharingWorld()
    const { id } = await share({ recipient_type: 'external_email', email: ' Owner-1@EXAMPLE.org ' })
    const stranger = await otherOrg()
    const another = await otherOrg()
    expect((await stranger.owner.sharing.inbound({})).shares).toMatchObject([
      { id, recipient_type: 'external_email', recipient_email: 'owner-1@example.org', is_accepted: false },
    ])
    expect((await another.owner.sharing.inbound({})).shares).toEqual([])
    expect(await kindOf(stranger.owner.sharing.access({ share_id: id }))).toBe('denied')
    expect(await kindOf(another.owner.sharing.access({ share_id: id }))).toBe('not_found')
    expect(await kindOf(another.owner.sharing.accept({ share_id: id }))).toBe('not_found')
    expect(await kindOf(owner.sharing.accept({ share_id: id }))).toBe('denied')
    expect(await kindOf(anybody.sharing.access({ share_id: id }))).toBe('unauthenticated')
    await stranger.owner.sharing.accept({ share_id: id })
    expect(revealed(await stranger.owner.sharing.access({ share_id: id }))).toBe(tagged('hunter2'))
    await pawl.runJobs()
    const sent = mail.sent.filter(({ to }) => to === 'owner-1@example.org')
    expect(sent).toHaveLength(1)
    expect(sent[0]?.text).toContain('create an account with this address')
    const { events } = await owner.audit.events({ action: 'share.accept', actor_id: stranger.ownerId })
    expect(events).toMatchObject([{ resource_id: shareRef(id) }])
    await stranger.owner.sharing.decline({ share_id: id })
    expect((await owner.sharing.outbound({})).shares).toEqual([])
  })

  it('names no sign-up in its mail where the operator closed it', async () => {
    const { share, mail, pawl } = await sharingWorld({ signUp: 'closed' })
    await share({ recipient_type: 'external_email', email: 'bob@example.org' })
    await pawl.runJobs()
    expect(mail.sent.at(-1)?.text).toContain('ask the sender for an invitation')
  })

  it('is not for somebody of whom only an admin says that the address is theirs', async () => {
    const { share, member } = await sharingWorld()
    const bob = await member()
    const { id } = await share({ recipient_type: 'external_email', email: 'member-1@example.com' })
    expect((await bob.as.sharing.inbound({})).shares).toEqual([])
    expect(await kindOf(bob.as.sharing.accept({ share_id: id }))).toBe('denied')
  })

  it('stays with whoever accepted it, also when the address goes to somebody else', async () => {
    const { share, otherOrg, pawl } = await sharingWorld()
    const email = 'owner-1@example.org'
    const { id } = await share({ recipient_type: 'external_email', email })
    const first = await otherOrg()
    await first.owner.sharing.accept({ share_id: id })
    const { id: heir } = await first.owner.orgs.addMember({ email: 'heir@example.org', role: 'owner' })
    await pawl.as({ user: heir }).orgs.removeMember({ user_id: first.ownerId })
    const { user } = await pawl.addOrg({ email })
    const second = pawl.as({ user })
    expect((await second.sharing.inbound({})).shares).toEqual([])
    for (const verb of ['access', 'accept', 'decline', 'get'] as const) {
      expect(await kindOf(second.sharing[verb]({ share_id: id })), verb).toBe('not_found')
    }
  })

  it('cannot be made by an agent, which would be a good phisher (core.md 9.2.2)', async () => {
    const { share, agent, vaultId, mail, pawl } = await sharingWorld()
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }] })
    const refused = await messageOf(share({ recipient_type: 'external_email', email: 'a@example.com' }, bot.as))
    expect(refused).toContain('A human must create this share.')
    await pawl.runJobs()
    expect(mail.sent).toEqual([])
  })
})

describe('a passphrase', () => {
  const locked = { ...link, passphrase: tagged('open sesame'), max_access_count: 1 }

  it('is asked for before anything is given, and a wrong one takes no read (core.md 9.2.10)', async () => {
    const { share, anybody } = await sharingWorld()
    const { id } = await share(locked)
    for (const passphrase of [undefined, null, 'open', `${tagged('open sesame')} `]) {
      expect(await kindOf(anybody.sharing.access({ share_id: id, passphrase }))).toBe('denied')
    }
    const shared = await anybody.sharing.access({ share_id: id, passphrase: Secret.of(tagged('open sesame')) })
    expect(shared).toMatchObject({ access_count: 1 })
  })

  it('that was wrong ten times locks the share, against the right one too', async () => {
    const { share, anybody } = await sharingWorld()
    const { id } = await share({ ...locked, max_access_count: 0 })
    for (let at = 0; at < 9; at++) await kindOf(anybody.sharing.access({ share_id: id, passphrase: 'wrong' }))
    // Neither a missing one counts, nor does a right one forgive.
    expect(await kindOf(anybody.sharing.access({ share_id: id }))).toBe('denied')
    expect(await kindOf(anybody.sharing.access({ share_id: id, passphrase: tagged('open sesame') }))).toBe('answered')
    expect(await kindOf(anybody.sharing.access({ share_id: id, passphrase: 'wrong' }))).toBe('denied')
    expect(await codeOf(anybody.sharing.access({ share_id: id, passphrase: tagged('open sesame') }))).toBe('share_gone')
  })

  it('leaves an event for every wrong guess, in the organisation that shared', async () => {
    const { share, anybody, owner } = await sharingWorld()
    const { id } = await share(locked)
    await kindOf(anybody.sharing.access({ share_id: id, passphrase: 'wrong' }))
    const { events } = await owner.audit.events({ action: 'share.access' })
    expect(events).toMatchObject([{ actor_type: 'anonymous', actor_id: '', details: { outcome: 'denied' } }])
  })
})

describe('a list of addresses', () => {
  it('lets in who comes from one of them, and nobody whose address is not known (core.md 9.2.11)', async () => {
    const { share, pawl } = await sharingWorld()
    const { id } = await share({ ...link, max_access_count: 0, ip_allowlist: ['10.1.0.0/16', '2001:db8::7'] })
    const from = (ip: string | null) =>
      kindOf(pawl.as({ ip: ip === null ? null : parseAddress(ip) }).sharing.access({ share_id: id }))
    for (const ip of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::7']) expect(await from(ip), ip).toBe('answered')
    for (const ip of ['10.2.0.1', '2001:db8::8', '127.0.0.1', null]) expect(await from(ip), String(ip)).toBe('denied')
  })

  it.each([[['10.0.0.0/33']], [['example.com']], [['010.0.0.1']], [['']], [[7]], ['10.0.0.1']])(
    'is refused when it holds %j',
    async (ip_allowlist) => {
      const { share } = await sharingWorld()
      expect(await kindOf(share({ ...link, ip_allowlist: ip_allowlist as never }))).toBe('invalid')
    },
  )
})

describe('making a share', () => {
  it('needs the right to read the secret, and gives nothing more (D5, core.md 9.2.4)', async () => {
    const { share, agent, vaultId, secretId, otherOrg } = await sharingWorld()
    const [vault, links] = [vaultId, { link_shares_enabled: true }]
    const none = await agent(links)
    const writes = await agent({ vault, policies: [{ pattern: '**', permissions: ['write'] }], ...links })
    const elsewhere = await agent({ vault, policies: [{ pattern: 'other/**' }], ...links })
    const scoped = await agent({ vault, policies: [{ pattern: '**' }], scopes: ['other/**'], ...links })
    const reads = await agent({ vault, policies: [{ pattern: '**' }], ...links })
    expect(await kindOf(share(link, reads.as))).toBe('answered')
    for (const bot of [none, writes, elsewhere, scoped]) expect(await kindOf(share(link, bot.as))).toBe('denied')
    const { owner: stranger } = await otherOrg()
    expect(await kindOf(stranger.sharing.create({ secret_id: secretId, ...link }))).toBe('not_found')
    expect(await kindOf(share({ ...link, permissions: ['read', 'write'] as never }))).toBe('invalid')
    expect(await kindOf(share({ ...link, permissions: ['write'] as never }))).toBe('invalid')
    expect(await kindOf(share({ ...link, permissions: ['read'] }))).toBe('answered')
  })

  it.each<[string, Record<string, unknown>]>([
    ['an unknown recipient', { recipient_type: 'everybody' }],
    ['no recipient type', {}],
    ['a user without an id', { recipient_type: 'user' }],
    ['an agent without an id', { recipient_type: 'agent' }],
    ['an address for a link', { ...link, email: 'a@example.com' }],
    ['a recipient for a link', { ...link, recipient_id: '00000000-0000-4000-8000-000000000000' }],
    ['no address', { recipient_type: 'external_email' }],
    ['what is no address', { recipient_type: 'external_email', email: 'nobody' }],
    ['an end that is past', { ...link, expires_at: '2025-12-31T00:00:00Z' }],
    ['an end that is now', { ...link, expires_at: '2026-01-01T00:00:00Z' }],
    ['a negative number of reads', { ...link, max_access_count: -1 }],
    ['half a read', { ...link, max_access_count: 1.5 }],
    ['an empty passphrase', { ...link, passphrase: '' }],
    ['a passphrase that is no text', { ...link, passphrase: 7 }],
  ])('refuses %s', async (_, wanted) => {
    const { share, owner } = await sharingWorld()
    expect(await kindOf(share(wanted as never))).toBe('invalid')
    expect((await owner.sharing.outbound({})).shares).toEqual([])
  })

  it('refuses a field that does not fit the type of recipient, and says what the field must be', async () => {
    const { share, ownerId, agent, vaultId } = await sharingWorld()
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }], link_shares_enabled: true })
    const email = 'a@example.com'
    const says = (wanted: Record<string, unknown>, by?: Client) => messageOf(share(wanted as never, by))
    for (const type of ['user', 'agent']) {
      expect(await says({ recipient_type: type })).toBe(`recipient_id: must be the ${type}`)
      expect(await says({ recipient_type: type, recipient_id: ownerId, email })).toBe(
        `email: must not be set for shares of type ${type}`,
      )
    }
    for (const type of ['anyone_with_link', 'creator', 'external_email']) {
      expect(await says({ recipient_type: type, recipient_id: ownerId })).toBe(
        `recipient_id: must not be set for shares of type ${type}`,
      )
    }
    expect(await says({ recipient_type: 'external_email' })).toBe('email: is missing')
    expect(await says({ ...link, email })).toBe('email: must not be set for shares of type anyone_with_link')
    expect(await says({ ...link, expires_at: '2026-01-08T00:00:00.001Z' }, bot.as)).toBe(
      'expires_at: must be at most 7 days from now for an agent',
    )
    expect(await says({ ...link, max_access_count: 0 }, bot.as)).toBe(
      'max_access_count: must be from 1 to 100 for an agent',
    )
  })

  it('works with the place of the secret, and defaults to a link (core.md 9.3)', async () => {
    const { owner, anybody, vaultId } = await sharingWorld()
    const place = { vault_id: vaultId, secret_path: 'db/password' }
    const made = await owner.sharing.createByPath({ ...place, max_access_count: 1 })
    expect(made).toMatchObject({ recipient_type: 'anyone_with_link', max_access_count: 1 })
    expect(revealed(await anybody.sharing.access({ share_id: made.id }))).toBe(tagged('hunter2'))
    expect(await kindOf(owner.sharing.createByPath({ ...place, secret_path: 'db/other' }))).toBe('not_found')
    expect(await kindOf(owner.sharing.createByPath({ ...place, secret_path: '../up' }))).toBe('invalid')
  })

  it('is limited to ten a minute for the organisation, and says when to go on (core.md 9.2.16)', async () => {
    const { share, clock, agent, vaultId, owner, otherOrg } = await sharingWorld({ rateLimits: true })
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }], link_shares_enabled: true })
    for (let at = 0; at < 10; at++) {
      await share(link, at % 2 ? bot.as : owner)
      clock.advance(1_000)
    }
    await expect(share(link)).rejects.toMatchObject({ kind: 'limited', data: { retryAfterSeconds: 50 } })
    await expect(share(link, bot.as)).rejects.toMatchObject({ kind: 'limited' })
    const stranger = await otherOrg()
    const { id } = await stranger.owner.vaults.create({ name: 'theirs' })
    await stranger.owner.secrets.put({ vault_id: id, path: 'a', value: tagged('x') })
    await stranger.owner.sharing.createByPath({ vault_id: id, secret_path: 'a' })
    clock.advance(49_999)
    expect(await kindOf(share(link))).toBe('limited')
    clock.advance(1)
    expect(await kindOf(share(link))).toBe('answered')
    expect(await kindOf(share(link))).toBe('limited')
  })

  it('is not limited when limits are off', async () => {
    const { share } = await sharingWorld()
    for (let at = 0; at < 15; at++) expect(await kindOf(share(link))).toBe('answered')
  })
})

describe('an agent that uses keys through intents', () => {
  const keyed = async () => {
    const world = await sharingWorld()
    const { owner, place, agent, vaultId } = world
    await owner.secrets.put({ ...place, value: tagged('KEY'), type: 'private_key' })
    const bot = await agent({
      vault: vaultId,
      policies: [{ pattern: '**' }],
      intents_api_enabled: true,
      link_shares_enabled: true,
    })
    return { ...world, bot }
  }

  it('neither shares key material nor reads it through a share (core.md 5.2.9)', async () => {
    const { share, bot, agent, vaultId } = await keyed()
    expect(await codeOf(share({ recipient_type: 'creator' }, bot.as))).toBe('key_material_denied')
    const open = await share(link)
    expect(await codeOf(bot.as.sharing.access({ share_id: open.id }))).toBe('key_material_denied')
    const targeted = await share({ recipient_type: 'agent', recipient_id: bot.id })
    await bot.as.sharing.accept({ share_id: targeted.id })
    expect(await codeOf(bot.as.sharing.access({ share_id: targeted.id }))).toBe('key_material_denied')
    const plain = await agent({ vault: vaultId, policies: [{ pattern: '**' }] })
    expect(revealed(await plain.as.sharing.access({ share_id: open.id }))).toBe(tagged('KEY'))
  })

  it('does not read it without signing in either, through a link it made while the secret was a note', async () => {
    const { share, bot, anybody, owner, place } = await keyed()
    await owner.secrets.put({ ...place, value: tagged('harmless'), type: 'note', leave_key_type: true })
    const { id } = await share(link, bot.as)
    expect(revealed(await anybody.sharing.access({ share_id: id }))).toBe(tagged('harmless'))
    await owner.secrets.put({ ...place, value: tagged('KEY'), type: 'ssh_key' })
    expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('key_material_denied')
  })
})

describe('M3: a share gives no more than its creator has', () => {
  const wideOpen = { max_access_count: 0, expires_at: '2027-01-01T00:00:00Z' } as const
  const linking = async (conditions = {}) => {
    const world = await sharingWorld()
    const { owner, vaultId, place } = world
    const bot = await world.agent({ link_shares_enabled: true })
    const policy = await owner.policies.create({
      vault_id: vaultId,
      secret_path_pattern: '**',
      principal_type: 'agent',
      principal_id: bot.id,
      permissions: ['read'],
      conditions,
      expires_at: '2026-01-01T12:00:00Z',
    })
    return { ...world, bot, place, policy }
  }
  const from = (ip: string) => ({ ip: parseAddress(ip) })

  it('ends with the policy of the creator, deleted or expired', async () => {
    for (const end of ['delete', 'expire'] as const) {
      const { share, bot, anybody, owner, vaultId, policy, clock } = await linking()
      const { id } = await share(link, bot.as)
      await anybody.sharing.access({ share_id: id })
      if (end === 'delete') await owner.policies.delete({ vault_id: vaultId, policy_id: policy.id })
      else clock.advance(hours(12))
      expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('share_gone')
      expect(await owner.sharing.get({ share_id: id })).toMatchObject({ access_count: 1 })
    }
  })

  it('is read only from where its creator may read the secret', async () => {
    const { bot, place, pawl, secretId } = await linking({ ip_allowlist: ['10.0.0.0/8'] })
    const inside = pawl.as({ trusted: { agent: bot.id }, ...from('10.0.0.1') })
    const { id } = await inside.sharing.create({ secret_id: secretId, ...link })
    expect(await codeOf(pawl.as(from('192.0.2.1')).sharing.access({ share_id: id }))).toBe('share_gone')
    expect(await codeOf(pawl.as({}).sharing.access({ share_id: id }))).toBe('share_gone')
    expect((await pawl.as(from('10.0.0.2')).sharing.access({ share_id: id })).path).toBe(place.path)
  })

  it('ends for good with its secret: neither a restore nor a new value brings it back', async () => {
    const { share, anybody, owner, place } = await sharingWorld()
    const { id } = await share({ ...link, ...wideOpen })
    await owner.secrets.delete(place)
    expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('secret_gone')
    await owner.secrets.restore(place)
    expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('secret_gone')
    await owner.secrets.delete(place)
    await owner.secrets.put({ ...place, value: tagged('new') })
    expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('secret_gone')
    expect((await owner.sharing.outbound()).shares).toEqual([])
  })

  it('by link is for agents only where a human allowed it, and as long as they do', async () => {
    const { share, agent, owner, vaultId, anybody } = await sharingWorld()
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }] })
    expect(await codeOf(share(link, bot.as))).toBe('denied')
    expect(await kindOf(share({ recipient_type: 'creator' }, bot.as))).toBe('answered')
    await owner.agents.update({ agent_id: bot.id, link_shares_enabled: true })
    const { id } = await share(link, bot.as)
    await anybody.sharing.access({ share_id: id })
    await owner.agents.update({ agent_id: bot.id, link_shares_enabled: false })
    expect(await codeOf(anybody.sharing.access({ share_id: id }))).toBe('share_gone')
  })

  it('made by an agent has a limit of seven days and a hundred reads', async () => {
    const { share, bot } = await linking()
    for (const wanted of [
      { max_access_count: 0 },
      { max_access_count: 101 },
      { expires_at: '2026-01-08T00:00:00.001Z' },
    ]) {
      expect(await codeOf(share({ ...link, ...wanted }, bot.as))).toBe('invalid_input')
    }
    await share({ ...link, max_access_count: 100, expires_at: '2026-01-08T00:00:00Z' }, bot.as)
    const { expires_at } = await share({ recipient_type: 'creator', expires_at: '2026-12-31T00:00:00Z' }, bot.as)
    expect(expires_at).toBe('2026-01-08T00:00:00.000Z')
  })

  it('is listed for those who manage the vault, who can end it', async () => {
    const { share, bot, owner, vaultId, anybody, member } = await linking()
    const { id } = await share(link, bot.as)
    expect((await owner.sharing.ofVault({ vault_id: vaultId })).shares).toEqual([
      expect.objectContaining({ id, secret_path: 'db/password', created_by: bot.id, created_by_type: 'agent' }),
    ])
    expect(await codeOf(bot.as.sharing.ofVault({ vault_id: vaultId }))).toBe('denied')
    expect(await codeOf((await member()).as.sharing.ofVault({ vault_id: vaultId }))).toBe('vault_not_found')
    // A member who owns a vault ends shares of its secrets, whoever made them.
    const bob = await member()
    const { id: vault } = await bob.as.vaults.create({ name: 'bobs' })
    const secret = await bob.as.secrets.put({ vault_id: vault, path: 'a', value: tagged('x') })
    await bob.as.policies.create({
      vault_id: vault,
      secret_path_pattern: '**',
      principal_type: 'agent',
      principal_id: bot.id,
      permissions: ['read'],
    })
    const theirs = await bot.as.sharing.create({ secret_id: secret.id, ...link })
    await bob.as.sharing.revoke({ share_id: theirs.id })
    expect(await codeOf(anybody.sharing.access({ share_id: theirs.id }))).toBe('share_not_found')
  })
})

describe('whoever made a share', () => {
  it('takes it back, once; admins may too, and nobody else (core.md 9.2.13)', async () => {
    const { share, owner, member, agent, otherOrg, anybody, vaultId } = await sharingWorld()
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }], link_shares_enabled: true })
    const admin = await member({ role: 'admin' })
    const bob = await member()
    const stranger = await otherOrg()
    for (const [maker, revoker] of [
      [owner, owner],
      [owner, admin.as],
      [bot.as, bot.as],
      [bot.as, owner],
    ] as const) {
      const { id } = await share(link, maker)
      expect(await kindOf(bob.as.sharing.revoke({ share_id: id }))).toBe('denied')
      expect(await kindOf(stranger.owner.sharing.revoke({ share_id: id }))).toBe('not_found')
      expect(await kindOf(stranger.owner.sharing.get({ share_id: id }))).toBe('not_found')
      await anybody.sharing.access({ share_id: id })
      await revoker.sharing.revoke({ share_id: id })
      expect(await kindOf(anybody.sharing.access({ share_id: id }))).toBe('not_found')
      expect(await kindOf(maker.sharing.revoke({ share_id: id }))).toBe('not_found')
      expect(await kindOf(maker.sharing.get({ share_id: id }))).toBe('not_found')
    }
  })

  it('shares nothing any more once they are removed, switched off or expired (D5)', async () => {
    const { share, owner, agent, vaultId, anybody, clock, member } = await sharingWorld()
    const policies = [{ pattern: '**' }]
    const off = await agent({ vault: vaultId, policies, link_shares_enabled: true })
    const gone = await agent({ vault: vaultId, policies, link_shares_enabled: true })
    const old = await agent({ vault: vaultId, policies, link_shares_enabled: true, expires_at: '2026-01-01T01:00:00Z' })
    const bob = await member()
    await owner.policies.create({
      vault_id: vaultId,
      secret_path_pattern: '**',
      principal_type: 'user',
      principal_id: bob.id,
      permissions: ['read'],
    })
    const ids: string[] = []
    for (const maker of [off, gone, old, bob]) ids.push((await share(link, maker.as)).id)
    for (const share_id of ids) await anybody.sharing.access({ share_id })
    await owner.agents.update({ agent_id: off.id, is_active: false })
    await owner.agents.delete({ agent_id: gone.id })
    await owner.orgs.removeMember({ user_id: bob.id })
    clock.advance(hours(1))
    const codes = await Promise.all(ids.map((share_id) => codeOf(anybody.sharing.access({ share_id }))))
    // What a principal shared goes with the principal.
    expect(codes).toEqual(['share_gone', 'share_not_found', 'share_gone', 'share_not_found'])
  })

  it('hears by mail of every read, and nobody waits for that mail', async () => {
    const { share, anybody, mail, pawl, place, agent, vaultId } = await sharingWorld()
    const { id } = await share(link)
    const bot = await agent({ vault: vaultId, policies: [{ pattern: '**' }], link_shares_enabled: true })
    const byBot = await share(link, bot.as)
    for (let at = 0; at < 2; at++) await anybody.sharing.access({ share_id: id })
    await anybody.sharing.access({ share_id: byBot.id })
    expect(mail.sent).toEqual([])
    await pawl.runJobs()
    expect(mail.sent.map(({ to }) => to)).toEqual(['owner@example.com', 'owner@example.com'])
    expect(new Set(mail.sent.map(({ id }) => id)).size).toBe(2)
    expect(mail.sent[0]?.text).toContain(place.path)
    expect(JSON.stringify(mail.sent)).not.toMatch(/hunter2/)
    expect(JSON.stringify(mail.sent)).not.toContain(id)
  })

  it('gets the number of the read in that mail, and no mail about a purged secret', async () => {
    const { share, anybody, mail, pawl, owner, place } = await sharingWorld()
    const [five, unlimited] = [await share(link), await share({ ...link, max_access_count: 0 })]
    for (const { id } of [five, unlimited]) await anybody.sharing.access({ share_id: id })
    await pawl.runJobs()
    expect(mail.sent.map(({ text }) => /read number .*/.exec(text)?.[0])).toEqual([
      'read number 1 of 5.',
      'read number 1.',
    ])
    await anybody.sharing.access({ share_id: five.id })
    await owner.secrets.delete(place)
    await owner.secrets.purge(place)
    await pawl.runJobs()
    expect(mail.sent).toHaveLength(2)
  })

  it('misses nothing but the mail when none is configured (core.md 9.2.20)', async () => {
    const lines: string[] = []
    const log = (_: unknown, message: string) => lines.push(message)
    const { share, anybody, pawl, storedKinds } = await sharingWorld({ mailer: noMailer, log })
    const { id } = await share(link)
    await share({ recipient_type: 'external_email', email: 'a@example.com' })
    await anybody.sharing.access({ share_id: id })
    expect(await pawl.runJobs()).toBe(2)
    expect(storedKinds().job ?? 0).toBe(0)
    expect(lines).toEqual([])
  })

  it('tries the mail again when the carrier fails', async () => {
    let fails = 1
    const sent: string[] = []
    const mailer = {
      send: async ({ id }: { id: string }) => {
        if (fails-- > 0) throw new Error('carrier down')
        sent.push(id)
      },
    }
    const { share, anybody, pawl, clock } = await sharingWorld({ mailer })
    const { id } = await share(link)
    await anybody.sharing.access({ share_id: id })
    expect(await pawl.runJobs()).toBe(0)
    clock.advance(60_000)
    expect(await pawl.runJobs()).toBe(1)
    expect(sent).toEqual([`share-access-${shareRef(id)}-1`])
  })
})

describe('the id of a share', () => {
  it('gives one answer when it is unknown, revoked, declined or of another organisation (D12, C4)', async () => {
    const { share, owner, ownerId, otherOrg, anybody } = await sharingWorld()
    const stranger = await otherOrg()
    const revoked = await share(link)
    await owner.sharing.revoke({ share_id: revoked.id })
    const declined = await share({ recipient_type: 'user', recipient_id: ownerId })
    await owner.sharing.decline({ share_id: declined.id })
    const targeted = await share({ recipient_type: 'user', recipient_id: ownerId })
    const answers = new Set<string>()
    for (const share_id of ['00000000-0000-4000-8000-000000000000', revoked.id, declined.id, targeted.id]) {
      for (const verb of ['access', 'revoke', 'accept', 'decline', 'get'] as const) {
        const call: Promise<unknown> = stranger.owner.sharing[verb]({ share_id })
        answers.add(await call.catch((error) => `${error.kind} ${error.code} ${error.message}`).then(String))
      }
      if (share_id !== targeted.id)
        answers.add(
          await anybody.sharing
            .access({ share_id })
            .catch((error) => `${error.kind} ${error.code} ${error.message}`)
            .then(String),
        )
    }
    expect([...answers]).toEqual(['not_found share_not_found The share does not exist, or you cannot access it.'])
  })

  it('stands nowhere in the store, the audit trail or the log (core.md 9.2.8, F1)', async () => {
    const storage = memoryStorage()
    const lines: unknown[] = []
    const log = (...line: unknown[]) => lines.push(line)
    const { share, anybody, owner, pawl, ownerId } = await sharingWorld({ storage, hsm: memoryHsm(), log })
    const { id } = await share({ ...link, passphrase: tagged('canary-passphrase') })
    const other = await share({ recipient_type: 'external_email', email: 'canary@example.com' })
    await kindOf(anybody.sharing.access({ share_id: id, passphrase: tagged('canary-guess') }))
    await anybody.sharing.access({ share_id: id, passphrase: tagged('canary-passphrase') })
    await owner.sharing.get({ share_id: id })
    await kindOf(owner.sharing.accept({ share_id: other.id }))
    await owner.sharing.outbound({})
    await pawl.runJobs()
    await owner.sharing.revoke({ share_id: id })
    const { events } = await owner.audit.events({})
    expect(events.filter(({ resource_id }) => resource_id === shareRef(id)).length).toBeGreaterThanOrEqual(4)
    const kept = JSON.stringify([events, lines, await dump(storage)])
    for (const canary of [id, other.id, 'canary']) expect(kept).not.toContain(canary)
    expect(kept).toContain(ownerId)
  })

  it('appears only as a reference in the audit event of every operation', async () => {
    const { share, owner, ownerId, member, otherOrg, secretId, vaultId, place, anybody } = await sharingWorld()
    const stranger = await otherOrg()
    const bob = await member()
    const forBob = { recipient_type: 'user', recipient_id: bob.id } as const
    const one = await share(forBob)
    const two = await owner.sharing.createByPath({ vault_id: vaultId, secret_path: place.path, ...forBob })
    const away = await share({ recipient_type: 'external_email', email: 'owner-1@example.org' })
    await bob.as.sharing.accept({ share_id: one.id })
    await bob.as.sharing.access({ share_id: one.id })
    await bob.as.sharing.get({ share_id: one.id })
    await bob.as.sharing.decline({ share_id: two.id })
    await stranger.owner.sharing.decline({ share_id: away.id })
    await owner.sharing.revoke({ share_id: one.id })
    await kindOf(anybody.sharing.access({ share_id: one.id }))
    await owner.sharing.ofVault({ vault_id: vaultId })
    const { events } = await owner.audit.events({})
    const about = events
      .filter(({ action }) => action.startsWith('share.'))
      .map(
        ({ action, actor_id, resource_type, resource_id, details }) =>
          [action, actor_id, resource_type, resource_id, { ...details, outcome: undefined }] as const,
      )
      .reverse()
    const kindOfShare = { recipient_type: 'user', recipient_id: bob.id }
    const read = { path: place.path }
    const [first, second, third] = [shareRef(one.id), shareRef(two.id), shareRef(away.id)]
    expect(about).toMatchObject([
      ['share.create', ownerId, 'share', first, { secret_id: secretId, ...kindOfShare }],
      ['share.create', ownerId, 'share', second, { vault_id: vaultId, path: place.path, ...kindOfShare }],
      ['share.create', ownerId, 'share', third, { secret_id: secretId, recipient_type: 'external_email' }],
      ['share.accept', bob.id, 'share', first, {}],
      ['share.access', bob.id, 'share', first, read],
      ['share.read', bob.id, 'share', first, {}],
      ['share.decline', bob.id, 'share', second, {}],
      ['share.decline', stranger.ownerId, 'share', third, {}],
      ['share.revoke', ownerId, 'share', first, {}],
      ['share.list', ownerId, 'vault', vaultId, {}],
    ])
  })

  it('leads to the secret in the trail: a read by share is a read of the secret', async () => {
    const { share, anybody, owner, secretId, vaultId, place } = await sharingWorld()
    const { id } = await share(link)
    await anybody.sharing.access({ share_id: id })
    const { events } = await owner.audit.events({ resource_id: secretId, action: 'secret.read' })
    expect(events).toMatchObject([
      { actor_type: 'anonymous', details: { vault_id: vaultId, path: place.path, version: 1, share: shareRef(id) } },
    ])
    expect(await owner.audit.verify({})).toMatchObject({ chain_valid: true })
  })
})

/** Every key and every body the store shows, as text. */
async function dump(storage: ReturnType<typeof memoryStorage>) {
  const seen: string[] = []
  for (const kind of ['share', 'job', 'auditBlock', 'secret', 'user', 'directory']) {
    for (const index of ['vault', 'creator', 'recipient', 'email', 'due', 'time', 'lane', 'path', 'created']) {
      for (const hit of await storage.scan({ kind, index, from: '', to: '~~~', limit: 1_000 })) {
        seen.push(hit.id, hit.key, Buffer.from(hit.body).toString('latin1'))
      }
    }
  }
  return seen
}
