import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPart, programAt } from '../../../../tools/real-parts/index.ts'
import { nodeListener } from '../../src/http/index.ts'
import { pages } from '../../src/pages/index.ts'

// Goal: what we ask of a browser is what browsers take, and what they answer is what we take. Chromium has an authenticator
// in software, which its debugger adds and controls.

const browser = programAt('chromium')
const ada = { email: 'ada@example.com', password: tagged('Correct-Horse-7') }

/** What a page does with the answers of `begin`, as documented for every browser. */
const script = `
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '')
async function call(path, body, headers = {}) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  return { status: answer.status, json: await answer.json() }
}
async function register(headers) {
  const { json } = await call('/v1/auth/passkeys/register/begin', {}, headers)
  const made = await navigator.credentials.create({ publicKey: {
    challenge: decode(json.challenge),
    rp: { id: json.rp_id, name: json.rp_name },
    user: { id: decode(json.user_id), name: json.user_name, displayName: json.user_display_name },
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
    attestation: json.attestation,
    authenticatorSelection: json.authenticator_selection,
    timeout: json.timeout,
  } })
  return call('/v1/auth/passkeys/register/complete', {
    credential_id: encode(made.rawId),
    attestation_object: encode(made.response.attestationObject),
    client_data_json: encode(made.response.clientDataJSON),
    transports: made.response.getTransports(),
  }, headers)
}
async function assert(path, body, headers, more = {}) {
  const { json } = await call(path + '/begin', body, headers)
  const got = await navigator.credentials.get({ publicKey: {
    challenge: decode(json.challenge),
    rpId: json.rp_id,
    timeout: json.timeout,
    userVerification: json.user_verification,
    allowCredentials: json.allow_credentials.map((one) => ({ ...one, id: decode(one.id) })),
  } })
  return call(path + '/complete', {
    credential_id: encode(got.rawId),
    authenticator_data: encode(got.response.authenticatorData),
    client_data_json: encode(got.response.clientDataJSON),
    signature: encode(got.response.signature),
    ...more,
  }, headers)
}`

describe.skipIf(!hasPart('Chromium', 'apt-get install chromium', browser !== null))('a passkey in Chromium', () => {
  let world: World
  let chrome: Browser
  let page: Page
  let debug: CDPSession
  let close: () => void
  let origin: string
  let listener: ReturnType<typeof nodeListener> | undefined
  const run = <T>(text: string) => page.evaluate<T>(`(async () => { ${script}\nreturn ${text} })()`)

  beforeAll(async () => {
    const server = createServer((request, response) => listener?.(request, response))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    origin = `http://localhost:${(server.address() as AddressInfo).port}`
    world = await testPawl({ crypto: nodeCrypto(), publicUrl: origin })
    listener = nodeListener(world.pawl, { mounts: pages(world.pawl) })
    close = () => server.close()
    await world.owner.orgs.addMember(ada)
    chrome = await chromium.launch({ executablePath: browser ?? '', args: ['--no-sandbox'] })
    page = await chrome.newPage()
    await page.route('**/page', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>a page</title>' }),
    )
    await page.goto(`${origin}/page`)
    debug = await page.context().newCDPSession(page)
    await debug.send('WebAuthn.enable')
    await debug.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
  })

  afterAll(async () => {
    await chrome?.close()
    close?.()
    await world?.close()
  })

  test('is registered, signs in, confirms a call and opens values', async () => {
    const { access_token } = await world.pawl.as({}).auth.token(ada)
    const headers = (token: string, more = {}) => JSON.stringify({ authorization: `Bearer ${token}`, ...more })
    const first = headers(access_token.reveal(), { 'x-auth-confirm': ada.password })
    expect(await run(`register(${first})`)).toMatchObject({ status: 201, json: { passkey_id: expect.any(String) } })

    const signedIn = await run<{ json: { token: string } }>(`assert('/v1/auth/passkeys/assert', {}, {})`)
    expect(signedIn).toMatchObject({ status: 200, json: { user: { email: ada.email } } })
    // The path of the published TypeScript client (§20).
    expect(await run(`assert('/v1/auth/passkey-assert', { email: 'x@example.com' }, {})`)).toMatchObject({
      status: 200,
    })

    const own = headers(signedIn.json.token)
    const purpose = 'account.export'
    const proof = await run<{ json: { reauth_token: string } }>(
      `assert('/v1/auth/reauth', { purpose: '${purpose}' }, ${own}, { purpose: '${purpose}' })`,
    )
    const confirmed = headers(signedIn.json.token, { 'x-auth-confirm': proof.json.reauth_token })
    expect(await run(`call('/v1/auth/export-data', {}, ${confirmed})`)).toMatchObject({ status: 200 })
    expect(await run(`call('/v1/auth/export-data', {}, ${confirmed})`)).toMatchObject({ status: 403 })

    const opened = await run(`assert('/v1/auth/passkeys/vault-assert', {}, ${own})`)
    expect(opened).toMatchObject({ status: 200, json: { passkey_token: expect.any(String), expires_in: 300 } })
    const digest = JSON.stringify({ tx_digest: 'ab'.repeat(32) })
    const approved = await run(`assert('/v1/auth/passkeys/tx-assert', ${digest}, ${own})`)
    expect(approved).toMatchObject({ status: 200, json: { passkey_token: expect.any(String), expires_in: 300 } })
  })

  // After the test above, the authenticator has the passkey of Ada.
  test('signs in on the page, opens a share there, lets a command line in, and follows a password', async () => {
    await page.goto(`${origin}/login`)
    await page.click('text=Sign in with a passkey')
    await page.click('button')
    await page.waitForURL('**/account')
    expect(await page.textContent('dl')).toContain(ada.email)

    const { id } = (await world.owner.orgs.listMembers()).members.find(({ email }) => email === ada.email) ?? { id: '' }
    const settings = { require_passkey_for_vaults: true, require_passkey_for_mfa: true }
    await world.pawl.as({ user: id }).factors.updateSecuritySettings(settings)
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'a', value: tagged('v') })
    const { share_url } = await world.owner.sharing.create({ secret_id, recipient_type: 'user', recipient_id: id })
    await page.goto(share_url)
    await page.click('button')
    await page.waitForURL('**/unlock?next=*')
    await page.click('button')
    await page.waitForURL(share_url)
    await page.click('button')
    expect(await page.textContent('.copy')).toBe(tagged('v'))

    await page.context().clearCookies()
    const { logins } = world.pawl.as({ bearer: null })
    const { device_code, user_code, verification_uri_complete } = await logins.request({ client_id: 'cli' })
    await page.goto(verification_uri_complete)
    await page.fill('#email', ada.email)
    await page.fill('#password', ada.password)
    await page.click('button')
    await page.waitForSelector('text=Your account asks for a passkey at each sign-in.')
    await page.click('button')
    for (const allows of [1, 2]) {
      await page.fill('#code', user_code)
      await page.click('button[value=yes]')
      if (allows === 2) break
      await page.waitForURL('**/unlock?next=*')
      await page.click('button')
      await page.waitForURL('**/cli/verify?code=*')
    }
    await page.waitForSelector('text=The device is signed in.')
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const
    expect(await logins.poll({ device_code, grant_type })).toMatchObject({ email: ada.email })
  })

  test('is not used when the person cancels, and the page says so', async () => {
    await debug.send('WebAuthn.disable')
    await page.goto(`${origin}/login/passkey`)
    await page.evaluate('navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"))')
    await page.click('button')
    await page.waitForSelector('text=The browser did not use a passkey. Try again.')
  })
})
