import { registry } from '@pawl/core'
import { appCode } from '@pawl/testkit/fakes'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../kernel/ip.ts'
import { hour, minute, second } from '../../kernel/time.ts'
import { totpCode } from './totp.ts'

// Goal: with an authenticator app, a password alone opens nothing, and every code counts once.

const email = 'ada@example.com'
const password = 'Correct-Horse-7'
const failed = expect.objectContaining({ code: 'mfa_failed', kind: 'unauthenticated' })
const step = 30 * second

async function withAda() {
  const world = await testPawl()
  const { id } = await world.owner.orgs.addMember({ email, password })
  const { access_token } = await world.pawl.as({}).auth.token({ email, password })
  return { world, id, ada: world.pawl.as(access_token.reveal()) }
}

async function withApp() {
  const { world, id, ada } = await withAda()
  const { secret } = await ada.factors.setUpMfa()
  const codeIn = (ms: number) => appCode(secret.reveal(), world.clock.now() + ms)
  const { recovery_codes } = await ada.factors.confirmMfa({ code: codeIn(0) })
  world.clock.advance(step)
  return { world, id, ada, codeIn, recovery: recovery_codes.map((one) => one.reveal()) }
}

async function mfaToken({ pawl }: World): Promise<string> {
  return (await pawl.as({}).auth.token({ email, password })).mfa_token?.reveal() ?? ''
}

async function verify(world: World, code: string, mfa_token?: string) {
  return world.pawl.as({}).factors.verifyMfa({ code, mfa_token: mfa_token ?? (await mfaToken(world)) })
}

describe('codes of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %d seconds', (seconds, code) => {
    expect(totpCode(new TextEncoder().encode('12345678901234567890'), Math.floor(seconds / 30))).toBe(code)
  })

  it('are set up with a secret that a phone can read, and confirmed with a code (3.5)', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    expect(await ada.factors.mfaStatus()).toEqual({
      enabled: false,
      passkey_mfa_enabled: false,
      recovery_codes_left: 0,
    })
    const first = await ada.factors.setUpMfa()
    const second = await ada.factors.setUpMfa()
    expect(second.otpauth_uri.reveal()).toBe(
      `otpauth://totp/Pawl:ada%40example.com?secret=${second.secret.reveal()}&issuer=Pawl&algorithm=SHA1&digits=6&period=30`,
    )
    expect(second.secret.reveal()).toMatch(/^[A-Z2-7]{32}$/)
    expect(await ada.factors.mfaStatus()).toMatchObject({ enabled: false })
    // The second setup replaced the first.
    const codeOf = ({ secret }: typeof first) => appCode(secret.reveal(), world.clock.now())
    await expect(ada.factors.confirmMfa({ code: codeOf(first) })).rejects.toMatchObject({ kind: 'invalid' })
    const { recovery_codes } = await ada.factors.confirmMfa({ code: codeOf(second) })
    expect(new Set(recovery_codes.map((one) => one.reveal())).size).toBe(8)
    for (const one of recovery_codes) expect(one.reveal()).toMatch(/^[a-z2-7]{5}-[a-z2-7]{5}$/)
    expect(await ada.factors.mfaStatus()).toMatchObject({ enabled: true, recovery_codes_left: 8 })
    expect(await ada.auth.me()).toMatchObject({ totp_enabled: true })
    await expect(ada.factors.setUpMfa()).rejects.toMatchObject({ code: 'mfa_on' })
  })

  it('are not set up with a stolen token: an old session and an API key need the password', async () => {
    const { world, id, ada } = await withAda()
    await using _ = world
    const { api_key } = await ada.auth.createApiKey({ name: 'laptop', current_password: password })
    const { secret } = await ada.factors.setUpMfa()
    const code = () => appCode(secret.reveal(), world.clock.now())
    const needed = expect.objectContaining({ code: 'confirmation_needed' })
    const key = world.pawl.as(api_key.reveal())
    await expect(key.factors.confirmMfa({ code: code() })).rejects.toEqual(needed)
    world.clock.advance(6 * minute)
    await expect(ada.factors.confirmMfa({ code: code() })).rejects.toEqual(needed)
    await key.factors.confirmMfa({ code: code(), auth_confirm: password })
    expect(await world.pawl.as({ user: id }).factors.mfaStatus()).toMatchObject({ enabled: true })
  })
})

describe('signing in with an authenticator app', () => {
  it('takes two steps, and the token between them opens nothing else (3.2, 3.3)', async () => {
    const { world, id, codeIn } = await withApp()
    await using _ = world
    const { mfa_token, access_token, ...rest } = await world.pawl.as({}).auth.token({ email, password })
    expect(access_token.reveal()).toBe('')
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 300, mfa_required: true, mfa_method: 'totp' })
    const between = mfa_token?.reveal() ?? ''
    await expect(world.pawl.as(between).auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
    await expect(world.pawl.as(between).auth.refresh()).rejects.toMatchObject({ kind: 'unauthenticated' })
    const done = await verify(world, codeIn(0), between)
    expect(await world.pawl.as(done.access_token.reveal()).auth.me()).toMatchObject({ id })
    expect(done.expires_in).toBe(900)
  })

  it('takes a code of the step before or after, and no other', async () => {
    for (const [ms, isTaken] of [
      [-2 * step, false],
      [-step, true],
      [step, true],
      [2 * step, false],
    ] as const) {
      const { world, codeIn } = await withApp()
      await using _ = world
      world.clock.advance(hour)
      const [result] = await Promise.allSettled([verify(world, codeIn(ms))])
      expect([ms, result?.status]).toEqual([ms, isTaken ? 'fulfilled' : 'rejected'])
    }
  })

  it('refuses a code that was used, in every spelling, and every code before it (B14)', async () => {
    const { world, codeIn } = await withApp()
    await using _ = world
    const [code, before] = [codeIn(0), codeIn(-step)]
    await verify(world, code)
    const wide = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')
    for (const spelled of [code, ` ${code}`, `${code} `, `${code.slice(0, 3)} ${code.slice(3)}`, wide, before]) {
      await expect(verify(world, spelled)).rejects.toEqual(failed)
    }
  })

  it('refuses spellings that are not six digits, before a code was used (B14)', async () => {
    const { world, codeIn } = await withApp()
    await using _ = world
    for (const spelled of [` ${codeIn(0)}`, `${codeIn(0)}\n`, `+${codeIn(0)}`, '']) {
      await expect(verify(world, spelled)).rejects.toEqual(failed)
    }
  })

  it('lets one of 50 parallel calls in with the same code, and one with the same mfa_token', async () => {
    const { world, codeIn, recovery } = await withApp()
    await using _ = world
    const own = await Promise.all(Array.from({ length: 50 }, () => mfaToken(world)))
    const sameCode = await Promise.allSettled(own.map((token) => verify(world, codeIn(0), token)))
    expect(sameCode.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    world.clock.advance(15 * minute)
    const one = await mfaToken(world)
    const proofs = [...recovery, ...Array.from({ length: 42 }, () => codeIn(0))]
    const sameToken = await Promise.allSettled(proofs.map((code) => verify(world, code, one)))
    expect(sameToken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('ends the first step with a new password, and after 300 seconds', async () => {
    const { world, ada, codeIn } = await withApp()
    await using _ = world
    const late = await mfaToken(world)
    world.clock.advance(300 * second)
    await expect(verify(world, codeIn(0), late)).rejects.toEqual(failed)
    const old = await mfaToken(world)
    await ada.auth.changePassword({ current_password: password, new_password: 'Battery-Staple-8' })
    await expect(verify(world, codeIn(0), old)).rejects.toEqual(failed)
  })

  it('does not ask for codes where a key signs in (3.5)', async () => {
    const { world, ada } = await withApp()
    await using _ = world
    const { api_key } = await ada.auth.createApiKey({ name: 'laptop' })
    await expect(world.pawl.as(api_key.reveal()).auth.me()).resolves.toBeDefined()
    await expect(world.pawl.as({}).auth.apiKeyToken({ api_key: api_key.reveal() })).resolves.toBeDefined()
  })

  it('is asked for after a code by e-mail too (B16)', async () => {
    const { world, codeIn } = await withApp()
    await using _ = world
    const anybody = world.pawl.as({})
    await anybody.accounts.sendEmailCode({ email })
    await world.pawl.runJobs()
    const code = /^\d{6}$/m.exec(world.mail.sent.at(-1)?.text ?? '')?.[0] ?? ''
    const { token, access_token, mfa_token } = await anybody.accounts.verifyEmailCode({ email, code })
    expect([token.reveal(), access_token.reveal()]).toEqual(['', ''])
    await expect(verify(world, codeIn(0), mfa_token?.reveal())).resolves.toBeDefined()
  })

  it('is asked for before the user joins a platform app', async () => {
    const { world, ada, codeIn } = await withApp()
    await using _ = world
    const anybody = world.pawl.as({})
    const { id: platform_app_id } = await world.owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi' })
    const joined = async () => (await ada.platform.listConnectedApps()).apps
    const firstStep = async () => {
      await anybody.accounts.sendEmailCode({ email })
      await world.pawl.runJobs()
      const code = /^\d{6}$/m.exec(world.mail.sent.at(-1)?.text ?? '')?.[0] ?? ''
      const { mfa_token } = await anybody.accounts.verifyEmailCode({ email, code, platform_app_id })
      return mfa_token?.reveal() ?? ''
    }
    const first = await firstStep()
    expect(await joined()).toEqual([])
    await expect(verify(world, '000000', first)).rejects.toEqual(failed)
    expect(await joined()).toEqual([])
    await verify(world, codeIn(0), first)
    const [connection] = await joined()
    expect(connection).toMatchObject({ app_slug: 'my-defi' })
    await ada.platform.disconnect({ connection_id: connection?.connection_id ?? '' })
    world.clock.advance(minute)
    const second = await firstStep()
    const refused = { code: 'link_required', data: { link_required: { reason: 'user_disconnected' } } }
    await expect(verify(world, codeIn(0), second)).rejects.toMatchObject(refused)
    world.clock.advance(step)
    await expect(verify(world, codeIn(0), second)).rejects.toEqual(failed)
  })

  it('is asked for whatever spelling of the address signs in (B15)', async () => {
    const { world, codeIn } = await withApp()
    await using _ = world
    for (const spelling of [email.toUpperCase(), ' ada@example.com ', 'Ada@Example.COM']) {
      const { access_token, mfa_token } = await world.pawl.as({}).auth.token({ email: spelling, password })
      expect([spelling, access_token.reveal(), mfa_token?.reveal()]).toEqual([spelling, '', expect.any(String)])
    }
    const { mfa_token } = await world.pawl.as({}).auth.token({ email: 'ADA@example.com', password })
    await expect(verify(world, codeIn(0), mfa_token?.reveal())).resolves.toBeDefined()
  })

  it('leaves an event for each step', async () => {
    const { world, id, codeIn } = await withApp()
    await using _ = world
    await expect(verify(world, '000000')).rejects.toEqual(failed)
    await verify(world, codeIn(0))
    const { events } = await world.owner.audit.events({ limit: 100 })
    const told = events.filter(({ resource_id, action }) => resource_id === id && action.startsWith('auth.'))
    expect(told.map(({ action, details }) => `${action} ${details.method}`).slice(0, 4)).toEqual([
      'auth.success totp',
      'auth.challenge password',
      'auth.failure totp',
      'auth.challenge password',
    ])
  })
})

describe('wrong codes', () => {
  it('lock the second step after ten, and a right password gives no new guesses', async () => {
    const { world, codeIn } = await withApp()
    await using _ = world
    for (let count = 0; count < 10; count++) await expect(verify(world, '000000')).rejects.toEqual(failed)
    await expect(world.pawl.as({}).auth.token({ email, password })).rejects.toMatchObject({ code: 'wrong_password' })
    world.clock.advance(15 * minute)
    await verify(world, codeIn(0))
  })

  it('from many addresses are few in all', async () => {
    const { world, codeIn } = await withApp()
    await using _ = world
    const from = async (ip: string, code: string) => {
      const given = { code, mfa_token: tokens.pop() }
      const [tried] = await Promise.allSettled([
        world.pawl.perform(registry.factors.verifyMfa, given, { ip: parseAddress(ip) }),
      ])
      return tried?.status === 'fulfilled'
    }
    const tokens = await Promise.all(Array.from({ length: 60 }, () => mfaToken(world)))
    await from('192.0.2.1', codeIn(0))
    for (let count = 0; count < 40; count++) await from(`198.51.100.${count}`, '000000')
    world.clock.advance(step)
    expect(await from('198.51.100.200', codeIn(0))).toBe(false)
    // An address that gave a right code before is not locked out by others.
    expect(await from('192.0.2.1', codeIn(0))).toBe(true)
  })
})

describe('recovery codes', () => {
  it('let their owner in once each', async () => {
    const { world, ada, recovery } = await withApp()
    await using _ = world
    const [first = '', second = ''] = recovery
    await verify(world, first)
    await expect(verify(world, first)).rejects.toEqual(failed)
    await verify(world, second.toUpperCase())
    expect(await ada.factors.mfaStatus()).toMatchObject({ recovery_codes_left: 6 })
  })

  it('let one of 50 parallel calls in', async () => {
    const { world, recovery } = await withApp()
    await using _ = world
    const tokens = await Promise.all(Array.from({ length: 50 }, () => mfaToken(world)))
    const tried = await Promise.allSettled(tokens.map((token) => verify(world, recovery[0] ?? '', token)))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('disabling codes', () => {
  it('takes a code, a recovery code or a token for it, and no password', async () => {
    const { world, ada, codeIn, recovery } = await withApp()
    await using _ = world
    const needed = expect.objectContaining({ code: 'confirmation_needed' })
    await expect(ada.factors.disableMfa()).rejects.toEqual(needed)
    await expect(ada.factors.disableMfa({ password })).rejects.toEqual(needed)
    await expect(ada.factors.disableMfa({ auth_confirm: password })).rejects.toEqual(needed)
    await expect(ada.factors.disableMfa({ code: '000000' })).rejects.toMatchObject({ kind: 'invalid' })
    await ada.factors.disableMfa({ code: recovery[0] ?? '' })
    await expect(ada.factors.disableMfa({ code: codeIn(0) })).rejects.toMatchObject({ code: 'mfa_off' })
    const { access_token, mfa_required } = await world.pawl.as({}).auth.token({ email, password })
    expect([mfa_required, access_token.reveal() === '']).toEqual([undefined, false])
  })

  it('takes a token that a code was given for', async () => {
    const { world, ada, codeIn } = await withApp()
    await using _ = world
    const purpose = 'security.mfa.disable'
    const { reauth_token } = await ada.factors.completeReauth({ purpose, code: codeIn(0) })
    await ada.factors.disableMfa({ auth_confirm: reauth_token.reveal() })
    expect(await ada.factors.mfaStatus()).toMatchObject({ enabled: false })
  })
})
