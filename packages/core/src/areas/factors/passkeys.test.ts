import { tagged } from '@pawl/testkit/canary'
import { appCode, type FakeAuthenticator, fakeAuthenticator } from '@pawl/testkit/fakes'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { area, fields, operation, signedIn } from '../../area.ts'
import { base64url, concat, fromBase64url, hex, utf8 } from '../../kernel/bytes.ts'
import { minute } from '../../kernel/time.ts'
import { takeTransactionToken } from './transaction-token.ts'

// Goal: a passkey signs in exactly its owner, at exactly this site, once for each challenge.

const email = 'ada@example.com'
const password = 'Correct-Horse-7'
const publicUrl = 'https://vault.example.com'
const site = { origin: publicUrl, rpId: 'vault.example.com' }
const failed = expect.objectContaining({ code: 'passkey_failed', kind: 'unauthenticated' })
const refused = expect.objectContaining({ code: 'confirmation_needed' })

async function withAda(options: WorldOptions = {}) {
  const world = await testPawl({ publicUrl, ...options })
  const { id } = await world.owner.orgs.addMember({ email, password })
  const { access_token } = await world.pawl.as({}).auth.token({ email, password })
  return { world, id, ada: world.pawl.as(access_token.reveal()) }
}

type Ada = Awaited<ReturnType<typeof withAda>>['ada']

async function register(
  ada: Pick<Ada, 'factors'>,
  key: FakeAuthenticator,
  auth_confirm: string | undefined = password,
) {
  const { challenge } = await ada.factors.beginPasskey()
  return ada.factors.addPasskey({ ...key.create(challenge), ...(auth_confirm && { auth_confirm }) })
}

async function withPasskey(options: Parameters<typeof fakeAuthenticator>[0] = site) {
  const { world, id, ada } = await withAda()
  const key = fakeAuthenticator(options)
  const { passkey_id } = await register(ada, key)
  return { world, id, ada, key, passkey_id }
}

async function signIn({ pawl }: World, key: FakeAuthenticator) {
  const { challenge } = await pawl.as({}).factors.beginPasskeySignIn()
  return pawl.as({}).factors.completePasskeySignIn(key.get(challenge))
}

async function proof(ada: Ada, key: FakeAuthenticator, purpose: string): Promise<string> {
  const { challenge = '' } = await ada.factors.beginReauth({ purpose })
  return (await ada.factors.completeReauth({ purpose, ...key.get(challenge) })).reauth_token.reveal()
}

describe('registering a passkey (3.9)', () => {
  it('asks the browser for one that finds its owner, on the configured site', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    expect(await ada.factors.beginPasskey()).toMatchObject({
      rp_id: 'vault.example.com',
      rp_name: 'Pawl',
      user_name: email,
      attestation: 'none',
      authenticator_selection: { residentKey: 'required', userVerification: 'required' },
      exclude_credentials: [],
    })
    const key = fakeAuthenticator(site)
    const made = await register(ada, key)
    expect(made.credential_id).toBe(key.credentialId)
    expect(await ada.factors.listPasskeys()).toEqual({
      passkeys: [
        { id: made.passkey_id, credential_id: key.credentialId, name: 'Passkey 1', created_at: expect.any(String) },
      ],
    })
    expect((await ada.factors.beginPasskey()).exclude_credentials).toMatchObject([{ id: key.credentialId }])
  })

  it('needs the password, and then a second factor once there is one', async () => {
    const { world, ada, key } = await withPasskey()
    await using _ = world
    const other = fakeAuthenticator(site)
    await expect(register(ada, other, '')).rejects.toEqual(refused)
    await expect(register(ada, other, password)).rejects.toEqual(refused)
    await register(ada, other, await proof(ada, key, 'security.passkey.register'))
    expect((await ada.factors.getSecuritySettings()).passkey_count).toBe(2)
  })

  it.each([
    ['another site', { origin: 'https://evil.example', rpId: 'evil.example' }],
    ['another origin of the same name', { origin: 'https://vault.example.com:8443' }],
    ['a sign-in without a fingerprint or PIN', { verifiesUser: false }],
  ])('refuses %s', async (_, wrong) => {
    const { world, ada } = await withAda()
    await using __ = world
    await expect(register(ada, fakeAuthenticator({ ...site, ...wrong }))).rejects.toEqual(failed)
    expect(await ada.factors.listPasskeys()).toEqual({ passkeys: [] })
  })

  it('refuses certificates of a maker, before servers that they name are called', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const { challenge } = await ada.factors.beginPasskey()
    const { attestation_object, ...answer } = fakeAuthenticator(site).create(challenge)
    const none = hex(concat(utf8('dnone'), utf8('gattStmt'), Uint8Array.of(0xa0)))
    const packed = hex(
      concat(utf8('fpacked'), utf8('gattStmt'), Uint8Array.of(0xa1), utf8('cx5c'), Uint8Array.of(0x81, 0x41, 0)),
    )
    const made = hex(fromBase64url(attestation_object) ?? new Uint8Array())
    expect(made).toContain(none)
    const bytes = Uint8Array.from(made.replace(none, packed).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
    const added = ada.factors.addPasskey({ ...answer, attestation_object: base64url(bytes), auth_confirm: password })
    await expect(added).rejects.toMatchObject({
      data: { fields: { attestation_object: expect.stringContaining('must have the format none') } },
    })
  })

  it('takes its challenge once, in 50 parallel calls too, and from its user only', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const { challenge } = await ada.factors.beginPasskey()
    await expect(world.owner.factors.addPasskey(fakeAuthenticator(site).create(challenge))).rejects.toEqual(failed)
    const keys = Array.from({ length: 50 }, () => fakeAuthenticator(site))
    const added = await Promise.allSettled(
      keys.map((key) => ada.factors.addPasskey({ ...key.create(challenge), auth_confirm: password })),
    )
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const late = (await ada.factors.beginPasskey()).challenge
    world.clock.advance(5 * minute)
    await expect(world.pawl.as({ user: 'x' }).factors.listPasskeys()).rejects.toBeDefined()
    const again = ada.factors.addPasskey({ ...fakeAuthenticator(site).create(late), auth_confirm: password })
    await expect(again).rejects.toMatchObject({ code: 'confirmation_needed' })
  })

  it('refuses a passkey that another account has', async () => {
    const { world, key } = await withPasskey()
    await using _ = world
    const { challenge } = await world.owner.factors.beginPasskey()
    await expect(world.owner.factors.addPasskey(key.create(challenge))).rejects.toMatchObject({
      code: 'passkey_exists',
    })
  })

  it('is not possible where the public URL is an address', async () => {
    const { world, ada } = await withAda({ publicUrl: 'http://192.0.2.7:8210' })
    await using _ = world
    await expect(ada.factors.beginPasskey()).rejects.toMatchObject({ code: 'passkeys_unavailable' })
  })

  it('is possible on localhost, also where its address is configured', async () => {
    const { world, ada } = await withAda({ publicUrl: 'http://127.0.0.1:8210' })
    await using _ = world
    const key = fakeAuthenticator({ origin: 'http://localhost:8210', rpId: 'localhost' })
    await expect(register(ada, key)).resolves.toBeDefined()
  })
})

describe('signing in with a passkey', () => {
  it('needs no name and no password, and tells nothing about accounts', async () => {
    const { world, id, key } = await withPasskey()
    await using _ = world
    const anybody = world.pawl.as({})
    const { challenge: _known, ...known } = await anybody.factors.beginPasskeySignIn({ email })
    const { challenge: _other, ...other } = await anybody.factors.beginPasskeySignIn({ email: 'x@example.com' })
    expect(known).toEqual(other)
    expect(known).toMatchObject({ rp_id: 'vault.example.com', user_verification: 'required', allow_credentials: [] })
    const { token, access_token, user, expires_in } = await signIn(world, key)
    expect(token.reveal()).toBe(access_token.reveal())
    expect(user).toEqual({ id, email, display_name: '', org_id: world.org })
    expect(expires_in).toBe(900)
    const me = world.pawl.as(token.reveal())
    expect(await me.auth.me()).toMatchObject({ id })
    expect((await me.factors.listPasskeys()).passkeys[0]?.last_used_at).toBeDefined()
  })

  it('stores nothing for a challenge that nobody answers (G7)', async () => {
    const { world } = await withPasskey()
    await using _ = world
    const begin = () => world.pawl.as({}).factors.beginPasskeySignIn()
    await begin()
    const before = world.storedKinds()
    for (let count = 0; count < 20; count++) await begin()
    expect(world.storedKinds()).toEqual(before)
  })

  it('is once for each challenge, when 50 parallel calls show the same answer', async () => {
    const { world, key } = await withPasskey({ ...site, counts: false })
    await using _ = world
    const anybody = world.pawl.as({})
    const { challenge } = await anybody.factors.beginPasskeySignIn()
    const answer = key.get(challenge)
    const tried = await Promise.allSettled(
      Array.from({ length: 50 }, () => anybody.factors.completePasskeySignIn(answer)),
    )
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('refuses what another site, another key or no person signed', async () => {
    const { world, key } = await withPasskey()
    await using _ = world
    const other = { ...fakeAuthenticator(site), credentialId: key.credentialId }
    const impostor = {
      ...key,
      get: (challenge: string) => ({ ...other.get(challenge), credential_id: key.credentialId }),
    }
    const wrong = [
      key.on({ origin: 'https://evil.example' }),
      key.on({ rpId: 'evil.example' }),
      key.on({ verifiesUser: false }),
      impostor,
      fakeAuthenticator(site),
    ]
    for (const one of wrong) await expect(signIn(world, one)).rejects.toEqual(failed)
    await expect(signIn(world, key)).resolves.toBeDefined()
  })

  it('refuses a challenge of our own for another use, and one that is none of ours', async () => {
    const { world, ada, key } = await withPasskey()
    await using _ = world
    const { challenge: register } = await ada.factors.beginPasskey()
    const { challenge: vault } = await ada.factors.beginVaultPasskey()
    for (const challenge of [register, vault, 'AAAA', '']) {
      await expect(world.pawl.as({}).factors.completePasskeySignIn(key.get(challenge))).rejects.toEqual(failed)
    }
    const { challenge } = await world.pawl.as({}).factors.beginPasskeySignIn()
    world.clock.advance(5 * minute)
    await expect(world.pawl.as({}).factors.completePasskeySignIn(key.get(challenge))).rejects.toEqual(failed)
  })

  it('finds a copied key by its count', async () => {
    const { world, key } = await withPasskey()
    await using _ = world
    await signIn(world, key)
    const copy = key.copy()
    await signIn(world, key)
    await expect(signIn(world, copy)).rejects.toEqual(failed)
  })

  it('is of the user whose passkey it is, whatever name is given (B22)', async () => {
    const { world, id, key } = await withPasskey()
    await using _ = world
    const anybody = world.pawl.as({})
    const { challenge } = await anybody.factors.beginPasskeySignIn({ email: 'owner@example.com' })
    expect(await anybody.factors.completePasskeySignIn(key.get(challenge))).toMatchObject({ user: { id } })
  })

  it('ends with the passkey and with its user, and leaves events', async () => {
    const { world, id, ada, key, passkey_id } = await withPasskey()
    await using _ = world
    await signIn(world, key)
    await expect(ada.factors.removePasskey({ passkey_id })).rejects.toEqual(refused)
    const auth_confirm = await proof(ada, key, 'security.passkey.delete')
    expect(await ada.factors.removePasskey({ passkey_id, auth_confirm })).toEqual({ passkey_id })
    await expect(signIn(world, key)).rejects.toEqual(failed)
    await register(ada, key)
    await expect(signIn(world, key.on({ verifiesUser: false }))).rejects.toEqual(failed)
    const { events } = await world.owner.audit.events({ limit: 100 })
    const told = events.filter(({ resource_id, action }) => resource_id === id && action.startsWith('auth.'))
    expect(told.map(({ action, details }) => `${action} ${details.method}`)).toEqual(
      expect.arrayContaining(['auth.success passkey', 'auth.failure passkey']),
    )
    await world.owner.orgs.removeMember({ user_id: id })
    await expect(signIn(world, key)).rejects.toEqual(failed)
    expect(world.storedKinds().passkey ?? 0).toBe(0)
  })

  it('needs a passkey of the caller to remove one', async () => {
    const { world, passkey_id } = await withPasskey()
    await using _ = world
    await expect(world.owner.factors.removePasskey({ passkey_id })).rejects.toMatchObject({
      code: 'passkey_not_found',
    })
  })
})

describe('a passkey as the proof for a call', () => {
  it('is for the purpose that it was asked for', async () => {
    const { world, ada, key } = await withPasskey()
    await using _ = world
    const { challenge = '', methods } = await ada.factors.beginReauth({ purpose: 'account.export' })
    expect(methods).toEqual(['passkey'])
    const answer = key.get(challenge)
    await expect(ada.factors.completeReauth({ purpose: 'account.delete', ...answer })).rejects.toEqual(failed)
    // The answer is spent, and a new one is for its own purpose.
    await expect(ada.factors.completeReauth({ purpose: 'account.export', ...answer })).rejects.toEqual(failed)
    await ada.accounts.exportData({ auth_confirm: await proof(ada, key, 'account.export') })
    await expect(ada.accounts.exportData({ auth_confirm: password })).rejects.toEqual(refused)
  })
})

describe('a passkey for a transaction', () => {
  const tx_digest = 'ab'.repeat(32)

  const send = operation({
    name: 'purses.send',
    summary: 'Send what a passkey has approved.',
    http: { method: 'POST', path: '/v1/purses', status: 200, id: 'send', tag: 'Purses' },
    effect: 'write',
    access: { signedIn: ['user'] },
    audit: { action: 'purse.send', resource: 'purse' },
    input: z.object({ digest: z.string(), passkey_token: fields.secretText(1_024) }),
    output: z.object({ isSent: z.boolean() }),
    errors: [],
    run: (context, { digest, passkey_token }) => ({
      isSent: takeTransactionToken(context, signedIn(context).id, passkey_token, digest),
    }),
  })

  it('gives a token for this transaction of this user, once', async () => {
    await using world = await testPawl({ publicUrl, areas: [area({ name: 'purses', operations: { send } })] })
    const { id } = await world.owner.orgs.addMember({ email })
    const ada = world.pawl.as({ user: id })
    const key = fakeAuthenticator(site)
    await register(ada, key, '')
    await expect(ada.factors.beginTransactionPasskey({})).rejects.toMatchObject({ kind: 'invalid' })
    const other = world.owner.factors.beginTransactionPasskey({ tx_digest })
    await expect(other).rejects.toMatchObject({ code: 'no_passkey' })
    const approve = async () => {
      const { challenge } = await ada.factors.beginTransactionPasskey({ tx_digest })
      const { passkey_token, expires_in } = await ada.factors.completeTransactionPasskey(key.get(challenge))
      expect(expires_in).toBe(300)
      return passkey_token.reveal()
    }
    const passkey_token = await approve()
    expect(await ada.purses.send({ digest: 'cd'.repeat(32), passkey_token })).toEqual({ isSent: false })
    expect(await world.owner.purses.send({ digest: tx_digest, passkey_token })).toEqual({ isSent: false })
    const tried = Array.from({ length: 50 }, () => ada.purses.send({ digest: tx_digest, passkey_token }))
    expect((await Promise.all(tried)).filter(({ isSent }) => isSent)).toHaveLength(1)
    const late = await approve()
    world.clock.advance(5 * minute)
    expect(await ada.purses.send({ digest: tx_digest, passkey_token: late })).toEqual({ isSent: false })
  })
})

describe('a passkey that must follow the password', () => {
  const withStep = async () => {
    const found = await withPasskey()
    await found.ada.factors.updateSecuritySettings({ require_passkey_for_mfa: true })
    const { factors, auth } = found.world.pawl.as({})
    const started = async () => {
      const { mfa_token, mfa_method, access_token } = await auth.token({ email, password })
      expect([mfa_method, access_token.reveal()]).toEqual(['passkey', ''])
      return mfa_token?.reveal() ?? ''
    }
    const answer = async (mfa_token: string) => found.key.get((await factors.beginMfaPasskey({ mfa_token })).challenge)
    return { ...found, factors, started, answer }
  }

  it('finishes this sign-in, once, in 50 parallel calls too', async () => {
    const { world, id, factors, started, answer } = await withStep()
    await using _ = world
    const mfa_token = await started()
    const signed = { mfa_token, ...(await answer(mfa_token)) }
    const tried = await Promise.allSettled(Array.from({ length: 50 }, () => factors.completeMfaPasskey(signed)))
    const [done] = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await world.pawl.as(done?.access_token.reveal() ?? '').auth.me()).toMatchObject({ id })
  })

  it('is of this sign-in and of this user, and no code is taken for it', async () => {
    const { world, id, key, factors, started, answer } = await withStep()
    await using _ = world
    const ada = world.pawl.as({ user: id })
    const { secret } = await ada.factors.setUpMfa()
    await ada.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
    const [one, other] = [await started(), await started()]
    await expect(factors.completeMfaPasskey({ mfa_token: one, ...(await answer(other)) })).rejects.toEqual(failed)
    const { challenge } = await factors.beginPasskeySignIn()
    await expect(factors.completeMfaPasskey({ mfa_token: one, ...key.get(challenge) })).rejects.toEqual(failed)
    const code = appCode(secret.reveal(), world.clock.now() + 30_000)
    await expect(factors.verifyMfa({ mfa_token: one, code })).rejects.toMatchObject({ code: 'mfa_failed' })
    await expect(factors.beginMfaPasskey({ mfa_token: 'AAAA' })).rejects.toMatchObject({ code: 'mfa_failed' })
    await factors.completeMfaPasskey({ mfa_token: one, ...(await answer(one)) })
  })

  it('may take the place of a code, keeps the last passkey, and is turned off with a proof', async () => {
    const { world, id, ada, key, passkey_id, factors, answer } = await withStep()
    await using _ = world
    const removal = { passkey_id, auth_confirm: await proof(ada, key, 'security.passkey.delete') }
    await expect(ada.factors.removePasskey(removal)).rejects.toMatchObject({ code: 'last_passkey' })
    const off = { require_passkey_for_mfa: false }
    await expect(ada.factors.updateSecuritySettings(off)).rejects.toEqual(refused)
    const auth_confirm = await proof(ada, key, 'security.mfa_passkey.disable')
    const other = await proof(ada, key, 'security.vault_passkey.disable')
    await expect(ada.factors.updateSecuritySettings({ ...off, auth_confirm: other })).rejects.toMatchObject({
      code: 'confirmation_wrong',
    })
    await ada.factors.updateSecuritySettings({ ...off, auth_confirm })
    const self = world.pawl.as({ user: id })
    const { secret } = await self.factors.setUpMfa()
    await self.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
    const { mfa_token, mfa_method } = await world.pawl.as({}).auth.token({ email, password })
    expect(mfa_method).toBe('totp')
    const token = mfa_token?.reveal() ?? ''
    await factors.completeMfaPasskey({ mfa_token: token, ...(await answer(token)) })
  })

  it('follows a code by mail too (B16)', async () => {
    const { world } = await withStep()
    await using _ = world
    await world.pawl.as({}).accounts.sendEmailCode({ email })
    await world.pawl.runJobs()
    const code = /\b\d{6}\b/.exec(world.mail.sent.at(-1)?.text ?? '')?.[0] ?? ''
    const answer = await world.pawl.as({}).accounts.verifyEmailCode({ email, code })
    expect(answer).toMatchObject({ mfa_method: 'passkey' })
  })
})

describe('a passkey before values are shown', () => {
  const withVault = async () => {
    const found = await withPasskey()
    const { id: vault_id } = await found.ada.vaults.create({ name: 'mine' })
    await found.ada.secrets.put({ vault_id, path: 'a', value: tagged('v') })
    const passkey_token = async () => {
      const { challenge } = await found.ada.factors.beginVaultPasskey()
      return (await found.ada.factors.completeVaultPasskey(found.key.get(challenge))).passkey_token.reveal()
    }
    return { ...found, where: { vault_id, path: 'a' }, passkey_token }
  }
  const locked = expect.objectContaining({ code: 'passkey_needed' })

  it('is asked of sessions, for five minutes at a time, and not of keys', async () => {
    const { world, ada, where, passkey_token } = await withVault()
    await using _ = world
    const { api_key } = await ada.auth.createApiKey({ name: 'laptop' })
    await ada.secrets.get(where)
    expect(await ada.factors.updateSecuritySettings({ require_passkey_for_vaults: true })).toEqual({
      require_passkey_for_vaults: true,
      require_passkey_for_mfa: false,
      passkey_count: 1,
    })
    await expect(ada.secrets.get(where)).rejects.toEqual(locked)
    await expect(ada.secrets.getVersion({ ...where, version: 1 })).rejects.toEqual(locked)
    await expect(ada.secrets.get({ ...where, passkey_token: 'AAAA' })).rejects.toEqual(locked)
    const token = await passkey_token()
    for (let count = 0; count < 3; count++) await ada.secrets.get({ ...where, passkey_token: token })
    await ada.secrets.getVersion({ ...where, version: 1, passkey_token: token })
    await world.pawl.as(api_key.reveal()).secrets.get(where)
    world.clock.advance(5 * minute)
    await expect(ada.secrets.get({ ...where, passkey_token: token })).rejects.toEqual(locked)
  })

  it('is asked before a session shares a value or reads a share, but not of the reader of a link', async () => {
    const { world, id, ada, where, passkey_token } = await withVault()
    await using _ = world
    const { id: vault_id } = await world.owner.vaults.create({ name: 'theirs' })
    const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'b', value: tagged('w') })
    const forAda = { recipient_type: 'user', recipient_id: id } as const
    const { id: share_id } = await world.owner.sharing.create({ secret_id, ...forAda })
    await ada.sharing.accept({ share_id })
    await ada.factors.updateSecuritySettings({ require_passkey_for_vaults: true })

    const own = { vault_id: where.vault_id, secret_path: where.path }
    const [listed] = (await ada.secrets.list({ vault_id: where.vault_id })).secrets
    await expect(ada.sharing.createByPath(own)).rejects.toEqual(locked)
    await expect(ada.sharing.create({ ...forAda, secret_id: listed?.id ?? '' })).rejects.toEqual(locked)
    await expect(ada.sharing.access({ share_id })).rejects.toEqual(locked)
    expect((await world.owner.sharing.outbound({})).shares).toMatchObject([{ access_count: 0 }])

    const token = await passkey_token()
    await ada.sharing.access({ share_id, passkey_token: token })
    const link = await ada.sharing.createByPath({ ...own, passkey_token: token })
    for (const reader of [ada, world.pawl.as({})]) await reader.sharing.access({ share_id: link.id })
  })

  it('is asked for many values at once, and before a session makes a key or lets a device in', async () => {
    const { world, ada, key, where, passkey_token } = await withVault()
    await using _ = world
    await ada.factors.updateSecuritySettings({ require_passkey_for_vaults: true })
    const many = { vault_id: where.vault_id, paths: ['a'] }
    expect(await ada.secrets.getMany(many)).toMatchObject({ results: [{ error: { code: 'passkey_needed' } }] })
    const token = await passkey_token()
    expect(await ada.secrets.getMany({ ...many, passkey_token: token })).toMatchObject({ failed: 0 })

    await expect(ada.auth.createApiKey({ name: 'thief' })).rejects.toEqual(refused)
    await expect(ada.auth.createApiKey({ name: 'thief', current_password: password })).rejects.toEqual(refused)
    const auth_confirm = await proof(ada, key, 'api_key.create')
    await ada.auth.createApiKey({ name: 'laptop', auth_confirm })

    const { user_code, device_code } = await world.pawl.as({}).logins.request({ client_id: 'cli' })
    await expect(ada.logins.allow({ user_code })).rejects.toEqual(locked)
    await ada.logins.allow({ user_code, passkey_token: token })
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const
    const { access_token } = await world.pawl.as({}).logins.poll({ device_code, grant_type })
    const device = world.pawl.as(access_token?.reveal() ?? '')
    const { api_key } = await device.auth.createApiKey({ name: 'pawl on laptop' })
    await world.pawl.as(api_key.reveal()).secrets.get(where)
  })

  it('is turned on with a passkey, keeps the last one, and is turned off with a proof', async () => {
    const { world, ada, key, passkey_id, where } = await withVault()
    await using _ = world
    await expect(
      world.owner.factors.updateSecuritySettings({ require_passkey_for_vaults: true }),
    ).rejects.toMatchObject({ code: 'no_passkey' })
    await ada.factors.updateSecuritySettings({ require_passkey_for_vaults: true })
    const removal = { passkey_id, auth_confirm: await proof(ada, key, 'security.passkey.delete') }
    await expect(ada.factors.removePasskey(removal)).rejects.toMatchObject({ code: 'last_passkey' })
    const off = { require_passkey_for_vaults: false }
    await expect(ada.factors.updateSecuritySettings(off)).rejects.toEqual(refused)
    const auth_confirm = await proof(ada, key, 'security.vault_passkey.disable')
    await ada.factors.updateSecuritySettings({ require_passkey_for_mfa: true })
    const both = { ...off, require_passkey_for_mfa: false, auth_confirm }
    await expect(ada.factors.updateSecuritySettings(both)).rejects.toMatchObject({ kind: 'invalid' })
    await ada.factors.updateSecuritySettings({ ...off, auth_confirm })
    await ada.secrets.get(where)
  })
})
