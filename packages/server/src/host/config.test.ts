import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Environment, readConfig, settings, shownConfig } from './config.ts'
import { ConfigError } from './config-error.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function problems(env: Environment): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

describe('a configuration', () => {
  test('of nothing is one that works: on this machine alone, in ./.pawl', () => {
    expect(readConfig({ HOME: '/root' })).toMatchObject({
      host: '127.0.0.1',
      port: 8210,
      dataDir: resolve('.pawl'),
      storage: null,
      hsm: null,
      hsmPin: null,
      ownerEmail: 'owner@localhost',
      ownerPassword: null,
      rateLimits: true,
      origins: [],
      trustedProxies: [],
      metrics: false,
      egressAllow: [],
      smtpUrl: null,
    })
  })

  test('is read from the environment', () => {
    const env = {
      PAWL_PORT: '9000',
      PAWL_STORAGE: 'sqlite:/data/v.db',
      PAWL_HSM: 'software:/data/k',
      PAWL_PUBLIC_URL: 'https://vault.example.com/base/',
      PAWL_RATE_LIMITS: 'off',
      PAWL_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      PAWL_CORS_ORIGINS: 'https://a.example.com,https://b.example.com',
    }
    expect(readConfig(env)).toMatchObject({
      port: 9000,
      storage: { kind: 'sqlite', path: '/data/v.db' },
      hsm: { kind: 'software', path: '/data/k' },
      publicUrl: 'https://vault.example.com/base',
      rateLimits: false,
      trustedProxies: ['10.0.0.0/8', '::1'],
      origins: ['https://a.example.com', 'https://b.example.com'],
    })
    expect(readConfig({ PAWL_STORAGE: 'memory:', PAWL_CORS_ORIGINS: 'none' })).toMatchObject({
      storage: { kind: 'memory' },
      origins: [],
    })
  })

  test('has a root key as hexadecimal digits or as base64', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => at * 8)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const { rootKey } = readConfig({ PAWL_ROOT_KEY: Buffer.from(bytes).toString(encoding) })
      expect(rootKey, encoding).toEqual(bytes)
    }
  })

  test('reads secrets from files too, without the line end that editors add', () => {
    const file = join(folder, 'password')
    writeFileSync(file, 'correct horse\n')
    expect(readConfig({ PAWL_OWNER_PASSWORD_FILE: file }).ownerPassword).toBe('correct horse')
    expect(problems({ PAWL_OWNER_PASSWORD_FILE: join(folder, 'none') })).toBe(
      'PAWL_OWNER_PASSWORD cannot be read from the file that PAWL_OWNER_PASSWORD_FILE names.',
    )
    expect(problems({ PAWL_OWNER_PASSWORD: 'x', PAWL_OWNER_PASSWORD_FILE: file })).toContain('one of them is too many')
  })

  test('that has a name nobody knows is an error that suggests the nearest', () => {
    expect(problems({ PAWL_PROT: '1' })).toBe('PAWL_PROT is not a setting. Did you mean PAWL_PORT?')
    expect(problems({ PAWL_OWNER_PASWORD_FILE: '/x' })).toContain('Did you mean PAWL_OWNER_PASSWORD_FILE?')
    expect(problems({ pawl_port: '1' })).toContain('Did you mean PAWL_PORT?')
    expect(problems({ PAWL_PORT_FILE: '/x' })).toContain('PAWL_PORT_FILE is not a setting')
    expect(problems({ PAWL_TEST_REQUIRE: 'all', PAWLOWNIA: '1' })).toBe('')
  })

  test.each([
    ['PAWL_PORT', ['', '80a', '65536', '-1', '1e3', ' 80']],
    ['PAWL_HOST', ['']],
    ['PAWL_PUBLIC_URL', ['vault', 'ftp://x', 'https://u:p@x', 'https://x/?q=1', 'https://x/#a']],
    ['PAWL_STORAGE', ['', 'sqlite:', '/data/v.db', 'postgres://x', 'postgres://x/y?sslmode=prefer', 'memory']],
    ['PAWL_HSM', ['', 'software:', 'pkcs11:token=x', 'pkcs11:object=x?module-path=/a', 'pkcs11:?pin-value=1']],
    ['PAWL_ROOT_KEY', ['', 'abc', 'f'.repeat(63), 'g'.repeat(64), 'A'.repeat(45)]],
    ['PAWL_RATE_LIMITS', ['', 'true', 'ON', '1']],
    ['PAWL_TRUSTED_PROXIES', ['proxy', '10.0.0.0/8;::1', '10.0.0.1/x']],
    ['PAWL_CORS_ORIGINS', ['example.com', 'https://a.example.com/', 'null']],
    ['PAWL_LOG_LEVEL', ['', 'debug']],
    ['PAWL_EGRESS_ALLOW', ['*', 'https://api.example.com/v1', 'user@example.com', '127.1', 'a b']],
    ['PAWL_SMTP_URL', ['', 'mail.example.com:25', 'smtp://', 'smtp://u@h', 'smtp://h?tls=maybe']],
    ['PAWL_MAIL_FROM', ['', 'vault', 'Vault <vault@example.com>']],
  ])('says which setting will not do: %s', (name, texts) => {
    for (const text of texts)
      expect(problems({ [name]: text }), text).toMatch(new RegExp(`^${name} (must|is not) .+\\.$`))
  })

  test('names key stores of organisations, each with the organisations that may use it', () => {
    const uri = 'pkcs11:token=acme?module-path=/usr/lib/module.so&pin-source=file:/run/pin'
    const org = '0b1c2d3e-0000-4000-8000-000000000001'
    const env = {
      PAWL_KEY_STORE_ACME_EU: 'software:/mnt/acme/keys',
      PAWL_KEY_STORE_GLOBEX: uri,
      PAWL_KEY_STORE_GLOBEX_ORGS: `${org}, ${org.replace('1', '2').toUpperCase()}`,
    }
    expect(readConfig(env).keyStores).toEqual({
      'acme-eu': { hsm: { kind: 'software', path: '/mnt/acme/keys' }, orgs: null },
      globex: { hsm: expect.objectContaining({ kind: 'pkcs11', uri }), orgs: [org, expect.any(String)] },
    })
    expect(
      shownConfig(env)
        .filter(({ name }) => name.startsWith('PAWL_KEY_STORE_'))
        .map(({ name }) => name),
    ).toEqual(['PAWL_KEY_STORE_ACME_EU', 'PAWL_KEY_STORE_GLOBEX', 'PAWL_KEY_STORE_GLOBEX_ORGS'])
    const bare = uri.replace('&pin-source=file:/run/pin', '')
    const bad: readonly [Environment, RegExp][] = [
      [{ PAWL_KEY_STORE_ACME: 'hunter2' }, /^PAWL_KEY_STORE_ACME must be software:/],
      [{ PAWL_KEY_STORE_ACME: '' }, /^PAWL_KEY_STORE_ACME must not be empty/],
      [{ PAWL_KEY_STORE_ACME: bare }, /^PAWL_KEY_STORE_ACME must name the file of the PIN/],
      [{ PAWL_KEY_STORE_SERVER: uri }, /^PAWL_KEY_STORE_SERVER cannot have this name/],
      [{ PAWL_KEY_STORE_ACME: uri, PAWL_KEY_STORE_ACME_ORGS: 'hunter2' }, /PAWL_KEY_STORE_ACME_ORGS must be a comma/],
      [{ PAWL_KEY_STORE_ACME: uri, PAWL_KEY_STORE_ACME_ORGS: '' }, /PAWL_KEY_STORE_ACME_ORGS must be a comma/],
      [{ PAWL_KEY_STORE_ACME_ORGS: org }, /^PAWL_KEY_STORE_ACME_ORGS is set, but PAWL_KEY_STORE_ACME is not/],
      [{ PAWL_KEY_STORE_A: uri, PAWL_KEY_STORE_B: uri }, /^PAWL_KEY_STORE_B names the same key store as PAWL_KEY_ST/],
      [{ PAWL_KEY_STORE_A: 'software:.pawl/keys' }, /^PAWL_KEY_STORE_A names the same key store as PAWL_HSM/],
      [{ PAWL_KEY_STORE: uri }, /^PAWL_KEY_STORE is not a setting/],
    ]
    for (const [env, problem] of bad) {
      expect(problems(env)).toMatch(problem)
      expect(problems(env)).not.toContain('hunter2')
    }
  })

  test('F5: names the setting that is wrong, and never what was in it', () => {
    for (const name of Object.values(settings).map(({ name }) => name)) {
      expect(problems({ [name]: 'hunter2:hunter2' }), name).not.toContain('hunter2')
    }
  })

  test('tells everything that is wrong at once', () => {
    expect(problems({ PAWL_PORT: 'x', PAWL_RATE_LIMITS: 'x', PAWL_X: '1' }).split('\n')).toHaveLength(3)
  })

  test('that contradicts itself is an error', () => {
    expect(problems({ PAWL_ROOT_PASSPHRASE: 'x', PAWL_ROOT_KEY_FILE: '/x' })).toContain('Set only one of')
    expect(problems({ PAWL_METRICS_TOKEN: 'x' })).toContain('PAWL_METRICS is off')
    expect(problems({ PAWL_SMTP_URL: 'smtp://localhost' })).toContain('must be set together')
    expect(problems({ PAWL_MAIL_FROM: 'vault@example.com' })).toContain('must be set together')
    expect(problems({ PAWL_HSM_PIN: 'x' })).toContain('PAWL_HSM does not name a token')
    const uri = 'pkcs11:token=pawl?module-path=/usr/lib/module.so'
    expect(problems({ PAWL_HSM: `${uri}&pin-source=/run/pin`, PAWL_HSM_PIN: 'x' })).toContain('Remove one of them')
    expect(problems({ PAWL_HSM: uri, PAWL_HSM_PIN: 'x' })).toBe('')
  })

  test('is shown without its secrets', () => {
    const shown = shownConfig({ PAWL_OWNER_PASSWORD: 'hunter2', PAWL_ROOT_PASSPHRASE_FILE: '/hunter2', PAWL_PORT: '1' })
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(shown.find(({ name }) => name === 'PAWL_OWNER_PASSWORD')).toMatchObject({ value: '(set)', isSet: true })
    expect(shown.find(({ name }) => name === 'PAWL_PORT')).toMatchObject({ value: '1', isSet: true })
    expect(JSON.stringify(shownConfig({ PAWL_HSM: 'pkcs11:?pin-value=hunter2' }))).not.toContain('hunter2')
    expect(shown.find(({ name }) => name === 'PAWL_HOST')).toMatchObject({ value: '127.0.0.1', isSet: false })
  })

  test.each([
    ['postgres://pawl:hunter2@db:5432/vault?sslmode=disable', 'postgres://pawl@db:5432/vault'],
    ['postgres://pawl:hunter@2@db/vault', 'postgres://pawl@db/vault'],
    ['postgres://pawl:hunter/2@db/vault', '(set)'],
    ['postgres://pawl:12/hunter2@db/vault', '(set)'],
    ['pawl:hunter2@db', '(set)'],
    ['postgres://db/vault', 'postgres://db/vault'],
    ['sqlite:/data/a@b.db', 'sqlite:/data/a@b.db'],
  ])('shows of the store %s only %s', (given, value) => {
    const shown = shownConfig({ PAWL_STORAGE: given })
    expect(shown.find(({ name }) => name === 'PAWL_STORAGE')).toMatchObject({ value, isSet: true })
  })

  test('takes the URL of a PostgreSQL server as a store, and does not say it when it will not do', () => {
    const url = 'postgres://pawl:hunter2@db/vault'
    expect(readConfig({ PAWL_STORAGE: url }).storage).toEqual({ kind: 'postgres', url })
    expect(problems({ PAWL_STORAGE: `${url}?sslmode=allow` })).toMatch(/sslmode(?!.*hunter2)/)
  })
})

test('S10: what Kubernetes tells a container about a service named pawl is no setting', () => {
  const links = {
    PAWL_PORT: 'tcp://10.0.0.1:8210',
    PAWL_SERVICE_HOST: '10.0.0.1',
    PAWL_SERVICE_PORT: '8210',
    PAWL_SERVICE_PORT_HTTP: '8210',
    PAWL_PORT_8210_TCP: 'tcp://10.0.0.1:8210',
    PAWL_PORT_8210_TCP_PROTO: 'tcp',
    PAWL_PORT_8210_TCP_PORT: '8210',
    PAWL_PORT_8210_TCP_ADDR: '10.0.0.1',
  }
  expect(readConfig(links)).toEqual(readConfig({}))
  expect(shownConfig(links)).toEqual(shownConfig({}))
  expect(() => readConfig({ ...links, PAWL_PRT: '1' })).toThrow('PAWL_PRT is not a setting')
})

describe('tiers', () => {
  const fileWith = (content: unknown) => {
    const path = join(folder, 'tiers.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return { PAWL_TIERS: path }
  }

  test('are those of a file, or the preset, or one without limits', () => {
    const tiers = { default: 'free', tiers: { free: { limits: { vaults: 1 } } } }
    expect(readConfig(fileWith(tiers)).tiers).toEqual(tiers)
    expect(readConfig({ PAWL_TIERS: 'preset' }).tiers?.tiers.free?.limits).toMatchObject({ requests: 1_000, agents: 2 })
    expect(readConfig({}).tiers).toBeNull()
  })

  test('that limit nothing because a name is misspelt are refused with the place', () => {
    const misspelt = { default: 'free', tiers: { free: { limits: { vault: 1 } } } }
    expect(problems(fileWith(misspelt))).toContain(
      'PAWL_TIERS must be preset, or a JSON file with tiers: tiers.free.limits',
    )
    expect(problems(fileWith({ default: 'gold', tiers: {} }))).toContain('default: must be one of the tiers')
    expect(problems(fileWith('no JSON'))).toContain('a JSON file that can be read')
  })

  test('are sold only where both settings of Stripe are set', () => {
    const alone = 'PAWL_STRIPE_KEY and PAWL_STRIPE_WEBHOOK_SECRET must be set together.'
    expect(problems({ PAWL_STRIPE_KEY: 'sk_test' })).toBe(alone)
  })
})
