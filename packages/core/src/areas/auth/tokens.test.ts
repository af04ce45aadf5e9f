import { manualClock, memoryHsm, memoryStorage, seededRandom } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { fromBase64url, fromUtf8 } from '../../kernel/bytes.ts'
import { day, hour, minute, second } from '../../kernel/time.ts'
import { nobleCrypto } from '../../ports/reference/crypto.ts'
import type { Claims } from './tokens.ts'

// Goal: a token says who is asking for as long as it should, and not a request longer. Method: a whole engine with a
// clock that is turned by hand, asked as a client would ask it.

const refused = expect.objectContaining({ code: 'not_authenticated', kind: 'unauthenticated' })
const password = tagged('Correct-Horse-7')

async function token(world: World, who: { user: string } | { agent: string } | string = { user: world.ownerId }) {
  return (await world.pawl.as(who).auth.refresh()).access_token.reveal()
}

function claimsOf(text: string): Claims {
  return JSON.parse(fromUtf8(fromBase64url(text.split('.')[1] ?? '') ?? new Uint8Array(0)))
}

function works(world: World, bearer: string): Promise<boolean> {
  return world.pawl
    .as(bearer)
    .vaults.list()
    .then(
      () => true,
      (error) => {
        expect(error).toEqual(refused)
        return false
      },
    )
}

/** Counts how often a signature is really verified. */
function countingCrypto() {
  const counts = { verified: 0 }
  const crypto: typeof nobleCrypto = {
    ...nobleCrypto,
    ed25519Verify: (...args) => {
      counts.verified++
      return nobleCrypto.ed25519Verify(...args)
    },
  }
  return { counts, crypto }
}

describe('a token', () => {
  it('of a user lives 900 seconds, and ends to the second (3.3)', async () => {
    await using world = await testPawl()
    const bearer = await token(world)
    world.clock.advance(900 * second - 1)
    expect(await works(world, bearer)).toBe(true)
    world.clock.advance(1)
    expect(await works(world, bearer)).toBe(false)
  })

  it('stays expired when the clock is set back (J6)', async () => {
    await using world = await testPawl()
    const bearer = await token(world)
    world.clock.advance(hour)
    expect(await works(world, bearer)).toBe(false)
    world.clock.advance(-hour)
    expect(await works(world, bearer)).toBe(false)
  })

  it('ends at the time that it says, though the clock was set back while it lived (J6)', async () => {
    await using world = await testPawl()
    const bearer = await token(world)
    world.clock.advance(-5 * hour)
    expect(await works(world, bearer)).toBe(true)
    world.clock.advance(5 * hour + 900 * second)
    expect(await works(world, bearer)).toBe(false)
  })

  it('stays expired when the clock is set back over a restart (J6)', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm({ random: seededRandom('hsm') })
    const world = await testPawl({ storage, hsm })
    const bearer = await token(world)
    world.clock.advance(hour)
    await world.owner.vaults.create({ name: 'late' })
    await using restarted = await testPawl({ storage, hsm, clock: manualClock('2026-01-01T00:00:00Z') })
    expect(await works(restarted, bearer)).toBe(false)
  })

  it('is remembered: the second use verifies no signature, yet takes in what has changed', async () => {
    const { counts, crypto } = countingCrypto()
    await using world = await testPawl({ crypto })
    const { id, as } = await world.member()
    const bearer = await token(world, { user: id })
    expect(await works(world, bearer)).toBe(true)
    expect(counts.verified).toBe(1)
    expect(await works(world, bearer)).toBe(true)
    expect(counts.verified).toBe(1)
    await as.auth.updateMe({ display_name: 'Ada' })
    expect(await world.pawl.as(bearer).auth.me()).toMatchObject({ display_name: 'Ada', role: 'member' })
    await world.owner.orgs.setRole({ user_id: id, role: 'admin' })
    expect(await world.pawl.as(bearer).auth.me()).toMatchObject({ role: 'admin' })
    await world.owner.orgs.removeMember({ user_id: id })
    expect(await works(world, bearer)).toBe(false)
    expect(counts.verified).toBe(1)
  })

  it('is remembered as a whole: one with the same header and the same claims is another (B9)', async () => {
    const { counts, crypto } = countingCrypto()
    await using world = await testPawl({ crypto })
    const bearer = await token(world)
    await works(world, bearer)
    const [head, body] = bearer.split('.')
    const [, , otherTail] = (await token(world)).split('.')
    expect(await works(world, `${head}.${body}.${otherTail}`)).toBe(false)
    expect(counts.verified).toBe(2)
  })

  it('that is refused is not remembered, so refusing costs no memory (G7)', async () => {
    const { counts, crypto } = countingCrypto()
    await using world = await testPawl({ crypto })
    const spoiled = (await token(world)).replace(/.{4}$/, 'AAAA')
    for (let use = 1; use <= 3; use++) {
      expect(await works(world, spoiled)).toBe(false)
      expect(counts.verified).toBe(use)
    }
  })
})

describe('ending a session (C9)', () => {
  it('takes the token out of use at once, and no other', async () => {
    await using world = await testPawl()
    const [ended, other] = [await token(world), await token(world)]
    expect(await works(world, ended)).toBe(true)
    expect(await world.pawl.as(ended).auth.revoke()).toBeUndefined()
    expect(await works(world, ended)).toBe(false)
    expect(await works(world, other)).toBe(true)
  })

  it('says so in the words that make clients sign in again (3.13)', async () => {
    await using world = await testPawl()
    const bearer = await token(world)
    await world.pawl.as(bearer).auth.revoke()
    await expect(world.pawl.as(bearer).auth.me()).rejects.toThrow('token has been revoked')
  })

  it('ends what the token was refreshed to, and what it was refreshed from', async () => {
    await using world = await testPawl()
    const first = await token(world)
    const second = await token(world, first)
    const third = await token(world, second)
    await world.pawl.as(second).auth.revoke()
    for (const one of [first, second, third]) expect(await works(world, one)).toBe(false)
  })

  it('does nothing to a key (3.2)', async () => {
    await using world = await testPawl()
    const key = (await world.owner.auth.createApiKey({ name: 'laptop' })).api_key.reveal()
    expect(await world.pawl.as(key).auth.revoke()).toBeUndefined()
    expect(await works(world, key)).toBe(true)
  })

  it('holds over a restart, before anything else was asked (J3)', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm({ random: seededRandom('hsm') })
    const world = await testPawl({ storage, hsm })
    const [ended, other] = [await token(world), await token(world)]
    await world.pawl.as(ended).auth.revoke()
    await using restarted = await testPawl({ storage, hsm })
    expect(await works(restarted, ended)).toBe(false)
    expect(await works(restarted, other)).toBe(true)
  })

  it('reaches nobody else: a token can end its own session only (C5)', async () => {
    await using world = await testPawl()
    const { owner, ownerId } = await world.otherOrg()
    const theirs = await token(world, { user: ownerId })
    const { jti, sid } = claimsOf(theirs)
    const input = { jti, sid, token_id: jti } as never
    await world.owner.auth.revoke(input)
    await world.pawl.as(await token(world)).auth.revoke(input)
    expect(await works(world, theirs)).toBe(true)
    await owner.vaults.list()
  })

  it('leaves nothing behind for good: ended sessions go when later ones are ended', async () => {
    const storage = memoryStorage()
    await using world = await testPawl({ storage })
    const kept = async () => {
      const range = { kind: 'revokedToken', index: 'expires', from: '', to: '~~~', limit: 1_000 }
      return (await storage.scan(range)).length
    }
    for (let count = 0; count < 5; count++) await world.pawl.as(await token(world)).auth.revoke()
    expect(await kept()).toBe(5)
    world.clock.advance(day + second)
    await world.pawl.as(await token(world)).auth.revoke()
    expect(await kept()).toBe(1)
  })
})

describe('refreshing (3.2, appendix C)', () => {
  it('gives a new token to the bearer, with or without a body, and never a refresh token', async () => {
    await using world = await testPawl()
    const bearer = await token(world)
    world.clock.advance(10 * minute)
    for (const input of [{}, { refresh_token: 'something a client kept' }]) {
      const answer = await world.pawl.as(bearer).auth.refresh(input)
      expect(Object.keys(answer).sort()).toEqual(['access_token', 'expires_in', 'token_type'])
      expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
      const claims = claimsOf(answer.access_token.reveal())
      expect(claims.sub).toBe(`user:${world.ownerId}`)
      expect(claims.jti).not.toBe(claimsOf(bearer).jti)
      world.clock.advance(minute)
    }
  })

  it('keeps a session alive for a day and never beyond, however often it is done (C2)', async () => {
    await using world = await testPawl()
    let bearer = await token(world)
    const end = world.clock.now() + day
    for (;;) {
      world.clock.advance(14 * minute)
      const answer = await world.pawl.as(bearer).auth.refresh()
      bearer = answer.access_token.reveal()
      expect(claimsOf(bearer).exp * second).toBeLessThanOrEqual(end)
      expect(answer.expires_in).toBeGreaterThan(0)
      if (answer.expires_in < 900) break
    }
    expect(claimsOf(bearer).exp * second).toBe(end)
    world.clock.set(end)
    expect(await works(world, bearer)).toBe(false)
    await expect(world.pawl.as(bearer).auth.refresh()).rejects.toEqual(refused)
  })

  it('in the last half second gives nothing rather than a token without an end (C1)', async () => {
    await using world = await testPawl()
    const expires_at = new Date(world.clock.now() + 10_500).toISOString()
    const { api_key } = await world.owner.auth.createApiKey({ name: 'brief', expires_at })
    world.clock.advance(10 * second)
    await expect(world.pawl.as(api_key.reveal()).auth.refresh()).rejects.toEqual(refused)
  })

  it('is not for a token that has ended, or for nobody', async () => {
    await using world = await testPawl()
    const bearer = await token(world)
    world.clock.advance(hour)
    await expect(world.pawl.as(bearer).auth.refresh()).rejects.toEqual(refused)
    await expect(world.pawl.as({}).auth.refresh()).rejects.toEqual(refused)
  })
})

describe('what is published about tokens (3.2, 3.10)', () => {
  it('names the key in two ways, and they are the same key', async () => {
    await using world = await testPawl()
    const anybody = world.pawl.as({})
    const { keys } = await anybody.auth.jwks()
    const { alg, public_key_base64 } = await anybody.auth.jwtPublicKey()
    expect(alg).toBe('EdDSA')
    expect(Buffer.from(public_key_base64, 'base64').toString('base64url')).toBe(keys[0]?.x)
    expect(Buffer.from(public_key_base64, 'base64')).toHaveLength(32)
    expect(keys).toEqual([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', x: keys[0]?.x, kid: keys[0]?.kid }])
  })

  it('builds its addresses from the settings, whatever the request says (E17)', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example/base/' })
    expect(await world.pawl.as({}).auth.openidConfiguration()).toMatchObject({
      issuer: 'https://vault.example/base',
      jwks_uri: 'https://vault.example/base/.well-known/jwks.json',
      id_token_signing_alg_values_supported: ['EdDSA', 'RS256'],
    })
  })

  it('stays the same over a restart, and tokens with it', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm({ random: seededRandom('hsm') })
    const world = await testPawl({ storage, hsm })
    const bearer = await token(world)
    await using restarted = await testPawl({ storage, hsm })
    expect(await restarted.owner.auth.jwks()).toEqual(await world.owner.auth.jwks())
    expect(await works(restarted, bearer)).toBe(true)
  })
})

describe('changing the password', () => {
  it('ends every token of the user, leaves their keys and nobody else out (7.4.2)', async () => {
    await using world = await testPawl()
    const { id } = await world.owner.orgs.addMember({ email: 'ada@example.com', password })
    const key = (await world.pawl.as({ user: id }).auth.createApiKey({ name: 'laptop' })).api_key.reveal()
    const [one, two, owners] = [await token(world, { user: id }), await token(world, key), await token(world)]
    const answer = await world.pawl
      .as(one)
      .auth.changePassword({ current_password: password, new_password: tagged('Battery-Staple-8') })
    expect(answer).toBeUndefined()
    expect(await works(world, one)).toBe(false)
    expect(await works(world, two)).toBe(false)
    expect(await works(world, key)).toBe(true)
    expect(await works(world, owners)).toBe(true)
  })
})
