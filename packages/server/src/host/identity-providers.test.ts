import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig, shownConfig } from './config.ts'

// Not tagged: it stands in files on purpose.
const hidden = 'Client-Secret-1'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-oidc-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (content: unknown) => {
  const path = join(folder, 'oidc.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const read = (content: unknown) => readConfig({ PAWL_OIDC_PROVIDERS: file(content) }).identityProviders

describe('PAWL_OIDC_PROVIDERS', () => {
  test('names the providers, with the defaults of what it leaves out', () => {
    writeFileSync(join(folder, 'secret'), `${hidden}\n`)
    const corp = {
      issuer: 'https://id.example.com/realms/corp',
      client_id: 'pawl',
      client_secret_file: 'secret',
      label: 'Corp',
      domains: ['example.com'],
      groups: { 'vault-admins': 'admin' },
      groups_claim: 'realm_access.roles',
      email_claim: 'upn',
      emails_are_verified: true,
    }
    const found = read({ corp, google: { client_id: 'app.apps.googleusercontent.com' } })
    expect(found).toMatchObject([
      {
        ...{ name: 'corp', label: 'Corp', issuer: corp.issuer, clientId: 'pawl', domains: ['example.com'] },
        ...{ groups: corp.groups, groupsClaim: 'realm_access.roles', emailClaim: 'upn', emailsAreVerified: true },
      },
      {
        ...{ name: 'google', label: 'Google', issuer: 'https://accounts.google.com', clientSecret: null },
        ...{ scopes: ['openid', 'email', 'profile'], domains: [], groups: {}, emailsAreVerified: false },
      },
    ])
    expect(found?.[0]?.clientSecret?.reveal()).toBe(hidden)
    expect(JSON.stringify([found, shownConfig({ PAWL_OIDC_PROVIDERS: file({}) })])).not.toContain(hidden)
  })

  test.each<[string, unknown, RegExp]>([
    ['has no JSON', `not ${hidden}`, /has no JSON/],
    ['is a list', [], /at its top/],
    [
      'has a name that is no part of a path',
      { 'Corp/x': { client_id: 'x', issuer: 'https://a.example' } },
      /at Corp\/x/,
    ],
    ['has no client', { corp: { issuer: 'https://a.example' } }, /at corp\.client_id/],
    ['has no issuer', { corp: { client_id: 'x' } }, /no issuer at corp/],
    ['has an issuer that is no URL', { corp: { client_id: 'x', issuer: hidden } }, /at corp\.issuer/],
    [
      'has an unknown role',
      { corp: { client_id: 'x', issuer: 'https://a.example', groups: { a: 'root' } } },
      /corp\.groups\.a/,
    ],
    ['has a field that is unknown', { corp: { client_id: 'x', issuer: 'https://a.example', secret: hidden } }, /corp/],
    [
      'names a secret that is missing',
      { corp: { client_id: 'x', issuer: 'https://a.example', client_secret_file: 'gone' } },
      /client_secret_file of corp cannot be read \(ENOENT\)/,
    ],
  ])('that %s is refused with its place, and without a value', (_, content, problem) => {
    let message = ''
    try {
      read(content)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toMatch(/^PAWL_OIDC_PROVIDERS /)
    expect(message).toMatch(problem)
    expect(message).not.toContain(hidden)
  })

  test('that is missing is refused', () => {
    expect(() => readConfig({ PAWL_OIDC_PROVIDERS: join(folder, 'gone.json') })).toThrow(/cannot be read \(ENOENT\)/)
  })
})
