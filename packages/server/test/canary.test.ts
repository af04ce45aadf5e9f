import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { type AnyOperation, createPawl, identityProvider, type Pawl, registry, Secret } from '@pawl/core'
import { cmekFingerprint, encryptCmek, newCmekKey } from '@pawl/core/cmek'
import { type Hsm, HsmError, type Message } from '@pawl/core/ports'
import { memoryChain } from '@pawl/core/ports/reference'
import { operationsOf } from '@pawl/core/surfaces'
import {
  appCode,
  type FakeIssuer,
  fakeAuthenticator,
  fakeDevice,
  fakeMoney,
  loopbackEgress,
  startFakeIssuer,
} from '@pawl/testkit/fakes'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonSchemaOf, propertiesOf } from '../src/derive/json-schema.ts'
import { accessLog, engineLog, nodeListener, prometheus } from '../src/http/index.ts'
import { canaries } from './crash-loop/canary.ts'
import { type Received, type Sent, sendOverSocket } from './transports.ts'

// Every operation that takes or gives a secret is called over a socket, as it should be and as it should not, with tagged
// secrets and everything logged. Then everything that the vault left behind is searched for them.

/** By the way they come in, so that a title says which way leaked. */
const inBodies = canaries()
const inBytes = canaries()
const inHeaders = canaries()
const inMistakes = canaries()
/**
 * Ids of shares by link, and tokens of links that the answer to a stranger shows: whoever knows one can do something with
 * it, so they are for those who asked, and for nobody else.
 */
const links = canaries()

/** What was left behind, by where it was left. */
const sinks: Record<string, string> = {}
/** What operations answered that reveal nothing, and what any operation answered that failed. */
const harmless: string[] = []
const failures: { readonly status: number; readonly text: string }[] = []
const logLines: string[] = []
/** Operations that succeeded. */
const performed = new Set<string>()

let folder = ''
let modes: string[] = []
let isBroken = false

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-canary-'))
  const before = process.umask(0)
  const issuer = await startFakeIssuer()
  const vault = await openVault(issuer)
  try {
    await useEverything(vault)
    await misuseEverything(vault)
    await useWhileBroken(vault)
    await fillSinks(vault)
  } finally {
    await vault.close()
    await issuer.close()
    process.umask(before)
  }
  sinks['the closed files'] = (await readAll(join(folder, 'data'))).join('\n')
})

afterAll(() => rm(folder, { recursive: true }))

test('every operation that takes or gives a secret has its part in this', () => {
  const secret =
    /^(value|password|current_password|new_password|passphrase|api_key|refresh_token|token|old_key|new_key|client_share)$/
  const takes = ({ input }: AnyOperation) =>
    Object.keys(propertiesOf(jsonSchemaOf(input, 'input'))).some((name) => secret.test(name))
  const concerned = operationsOf(registry).filter((one) => one.http && (one.reveals?.length || takes(one)))
  expect(concerned.length).toBeGreaterThan(12)
  expect(concerned.map(({ name }) => name).filter((name) => !performed.has(name))).toEqual([])
})

test('there is something to search in every place', () => {
  sinks.log = logLines.join('\n')
  expect(sinks['the audit trail']).toContain('share.access')
  expect(sinks['the metrics']).toContain('pawl_http_requests_total')
  expect(sinks['the document']).toContain('"openapi"')
  expect(sinks.log).toContain('operation failed')
  expect(sinks['the open files']?.length).toBeGreaterThan(100_000)
  expect(failures.length).toBeGreaterThan(150)
})

describe.each(['the audit trail', 'the log', 'the metrics', 'the document', 'the open files', 'the closed files'])(
  'in %s',
  (place) => {
    const search = () => Buffer.from(place === 'the log' ? logLines.join('\n') : (sinks[place] ?? ''), 'latin1')

    test('F1, F2, F11: there is no secret that came in a body, nor a key, token or private key that was given out', () => {
      expect(inBodies.find(search())).toEqual([])
    })

    test('F3: there is no secret of bytes that are no text', () => {
      expect(inBytes.find(search())).toEqual([])
    })

    test('F4: there is no secret that came in a header, whatever its name', () => {
      expect(inHeaders.find(search())).toEqual([])
    })

    test('F5: there is no secret that came where none was wanted', () => {
      expect(inMistakes.find(search())).toEqual([])
    })

    test('F11: there is no id of a share by link', () => {
      expect(links.find(search())).toEqual([])
    })
  },
)

test('F5: no error repeats anything that was sent', () => {
  const texts = failures.map(({ text }) => text).join('\n')
  for (const tags of [inBodies, inBytes, inHeaders, inMistakes, links]) expect(tags.find(texts)).toEqual([])
})

test('F1: no operation answers with a secret unless it says that it reveals one', () => {
  expect(harmless.length).toBeGreaterThan(15)
  for (const tags of [inBodies, inBytes, inHeaders, inMistakes]) expect(tags.find(harmless.join('\n'))).toEqual([])
})

test('F10: whatever the umask, files and folders are readable only by their owner', () => {
  expect(modes.sort()).toEqual(
    [
      '700 data',
      '600 keys',
      '600 keys.lock',
      '600 root.key',
      '600 vault.db',
      '600 vault.db-commits',
      '600 vault.db-wal',
    ].sort(),
  )
})

interface Vault {
  readonly pawl: Pawl
  /** Of the identity providers `corp` and `google`. */
  readonly issuer: FakeIssuer
  send(method: string, path: string, asked?: Asked): Promise<Received>
  close(): Promise<void>
  /** The bearer of every call that names none. */
  bearer: string
}

interface Asked extends Pick<Sent, 'headers'> {
  readonly body?: unknown
  readonly bearer?: string | null
}

/** What was sent last: the token of a link, or a code. */
let sent = ''

function noteSent({ text }: Message): void {
  const token = /\?token=(\S+)/.exec(text)?.[1]
  if (token) inBodies.keep(token)
  sent = token ?? /^\d{6}$/m.exec(text)?.[0] ?? ''
}

const email = 'owner@example.com'
const firstPassword = inBodies.password()

async function openVault(issuer: FakeIssuer): Promise<Vault> {
  const log = pino({ level: 'trace' }, { write: (line) => void logLines.push(line) })
  const pawl = await openEngine(log, issuer)
  let latest = ''
  const perform = async (operation: AnyOperation, input: unknown, origin: object) => {
    latest = operation.name
    const output = await pawl.perform(operation, input, origin)
    performed.add(operation.name)
    return output as never
  }
  const options = { observe: accessLog(log), metrics: prometheus(), log: engineLog(log) }
  const server = createServer(nodeListener({ ...pawl, perform }, options))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const vault: Vault = {
    pawl,
    issuer,
    bearer: '',
    send: async (method, path, { body, headers = {}, bearer = vault.bearer } = {}) => {
      latest = ''
      const shown: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
      const answer = await sendOverSocket(port, path, { method, headers: { ...shown, ...headers }, ...sent })
      keepAnswer(latest, answer)
      return answer
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await pawl.close()
    },
  }
  return vault
}

async function openEngine(log: pino.Logger, issuer: FakeIssuer): Promise<Pawl> {
  const crypto = nodeCrypto()
  const data = join(folder, 'data')
  const keys = softwareHsm({ path: join(data, 'keys'), root: { keyFile: join(data, 'root.key') }, crypto })
  const parts = { storage: breakable(sqlite({ path: join(data, 'vault.db') })), hsm: breakableHsm(keys), crypto }
  const passwordCost = { memoryKib: 64, passes: 1, lanes: 1 }
  const mailer = { send: async (message: Message) => noteSent(message) }
  const pawl = await createPawl({
    moneyServices: fakeMoney().services,
    ...parts,
    mailer,
    passwordCost,
    rateLimits: false,
    signUp: 'open',
    background: false,
    egress: loopbackEgress(),
    chains: ({ name }) => (name === 'base' ? memoryChain({ name, chainId: 8_453n }) : null),
    identityProviders: providersAt(issuer),
    log: engineLog(log),
  })
  await pawl.firstOwner({ email, password: firstPassword })
  return pawl
}

/** One with a secret of the operator's, and one for ID tokens that programs bring. */
function providersAt({ url, clientId, clientSecret }: FakeIssuer) {
  inBodies.keep(clientSecret)
  const usual = { issuer: url, clientId, clientSecret: Secret.of(clientSecret), domains: ['example.com'] }
  return ['corp', 'google'].map((name) => identityProvider({ ...usual, name }))
}

const revealing = new Set(operationsOf(registry).flatMap(({ name, reveals }) => (reveals?.length ? [name] : [])))

function keepAnswer(operation: string, { status, headers, text }: Received): void {
  const all = `${JSON.stringify(headers)}\n${text}`
  if (status >= 400) failures.push({ status, text: all })
  else if (!revealing.has(operation)) harmless.push(all)
}

function breakable(storage: ReturnType<typeof sqlite>): ReturnType<typeof sqlite> {
  const commitMany: typeof storage.commitMany = (batches) => {
    if (isBroken) throw new Error('the disk is on fire')
    return storage.commitMany(batches)
  }
  return { ...storage, commitMany }
}

function breakableHsm(hsm: Hsm): Hsm {
  const wrap: Hsm['wrap'] = (...given) => {
    if (isBroken) throw new HsmError('unavailable', 'the token was pulled out')
    return hsm.wrap(...given)
  }
  return { ...hsm, wrap }
}

/** Sends, and expects what a caller who does everything right expects. */
async function right({ send }: Vault, method: string, path: string, asked: Asked = {}): Promise<Received> {
  const answer = await send(method, path, asked)
  expect({ path, status: answer.status < 300 || answer.text }).toEqual({ path, status: true })
  return answer
}

/** Sends, and expects what a caller who does something wrong expects. */
async function refused({ send }: Vault, method: string, path: string, asked: Asked = {}): Promise<void> {
  const { status, text } = await send(method, path, asked)
  expect({ path, status: (status >= 400 && status < 500) || `${status} ${text}` }).toEqual({ path, status: true })
}

async function useEverything(vault: Vault): Promise<void> {
  const password = await usePeople(vault)
  await useAccounts(vault)
  const { json: made } = await right(vault, 'POST', '/v1/vaults', { body: { name: 'prod' } })
  await useSecrets(vault, made.id)
  await useAgents(vault, made.id)
  await useShares(vault, made.id)
  await useClientKeys(vault)
  await useIdentities(vault)
  await useLogins(vault)
  await useEnrolments(vault, made.id)
  await usePairing(vault, made.id)
  await useApprovals(vault)
  await useFederation(vault)
  await useWebhooks(vault)
  await usePlatform(vault)
  await useOAuth(vault)
  await useSigning(vault, password)
  await useWallets(vault, password)
  await useBankr(vault)
  await useDeposits(vault, password)
  await useConsensus(vault)
}

/** The submitter of an agreed change executes it, and gets the key of the new agent. */
async function useConsensus(vault: Vault): Promise<void> {
  const keys = (await right(vault, 'GET', '/v1/org/agent-keys-vault')).json.vault_id
  const [{ id: principal_id }] = (await right(vault, 'GET', '/v1/agents')).json.agents
  const consensus_trigger = {
    conditions: [{ type: 'action_in', actions: ['agent.create'] }],
    ...{ approval: { min_approvals: 1 }, self_approval_allowed: true },
  }
  const principal = { principal_type: 'agent', principal_id }
  const policy = { secret_path_pattern: '**', permissions: ['read'], ...principal, consensus_trigger }
  const { id } = (await right(vault, 'POST', `/v1/vaults/${keys}/policies`, { body: policy })).json
  const { json } = await vault.send('POST', '/v1/agents', { body: { name: 'agreed' } })
  const path = `/v1/pending-approvals/${json.approval_request_id}`
  const { payload_hash } = (await right(vault, 'GET', path)).json
  await right(vault, 'POST', `${path}/approve`, { body: { decision: 'approve', payload_hash } })
  inBodies.keep((await right(vault, 'POST', `${path}/execute`)).json.result.api_key)
  await right(vault, 'DELETE', `/v1/vaults/${keys}/policies/${id}`)
}

async function useSigning(vault: Vault, password: string): Promise<void> {
  const signer = { name: 'signer', intents_api_enabled: true, message_signing_enabled: true }
  const { json } = await right(vault, 'POST', '/v1/agents', { body: signer })
  inBodies.keep(json.api_key)
  const agent = `/v1/agents/${json.agent.id}`
  await right(vault, 'POST', `${agent}/signing-keys`, { body: { chain: 'ethereum' } })
  const fees = { gas_limit: 21_000, max_fee_per_gas: '30000000000', max_priority_fee_per_gas: '1' }
  const pay = { chain: 'base', to: `0x${'0'.repeat(36)}dEaD`, value: '0.1', nonce: 0, ...fees }
  await right(vault, 'POST', `${agent}/transactions`, { body: pay })
  await right(vault, 'POST', `${agent}/transactions/sign`, { body: { ...pay, nonce: 1 } })
  await right(vault, 'POST', `${agent}/transactions/explain`, { body: pay })
  await right(vault, 'POST', `${agent}/sign`, { body: { intent_type: 'personal_sign', chain: 'base', message: 'Hi' } })
  await right(vault, 'POST', `${agent}/transactions/simulate`, { body: pay })
  const safe = { name: 'Team', safe_address: `0x${'1'.repeat(40)}` }
  const treasury = await right(vault, 'POST', '/v1/treasury', { body: safe })
  const proposed = { to: pay.to, value: '1000000000' }
  await right(vault, 'POST', `/v1/treasury/${treasury.json.id}/proposals`, { body: proposed })
  const headers = { 'x-auth-confirm': password }
  await refused(vault, 'POST', `${agent}/signing-keys/ethereum/export`, {
    headers: { 'x-auth-confirm': inHeaders.value() },
  })
  const exported = await right(vault, 'POST', `${agent}/signing-keys/ethereum/export`, { headers })
  inBodies.keep(exported.json.private_key)
}

async function useWallets(vault: Vault, password: string): Promise<void> {
  const wallets = '/v1/treasury/wallets'
  const headers = { 'x-auth-confirm': password }
  await right(vault, 'POST', `${wallets}/generate`, { body: { chains: ['ethereum'] } })
  const pay = { to: `0x${'0'.repeat(36)}dEaD`, value: '0.1' }
  for (const name of ['x-auth-confirm', 'x-passkey-token']) {
    await refused(vault, 'POST', `${wallets}/base/send`, { body: pay, headers: { [name]: inHeaders.value() } })
  }
  await right(vault, 'POST', `${wallets}/base/send`, { body: pay, headers })
  const exported = await right(vault, 'POST', `${wallets}/ethereum/export`, { headers })
  inBodies.keep(exported.json.private_key_hex)
  await right(vault, 'DELETE', `${wallets}/ethereum`)
  await refused(vault, 'POST', `${wallets}/ethereum/import`, { body: { private_key: inBodies.value() }, headers })
}

async function useBankr(vault: Vault): Promise<void> {
  const { json } = await right(vault, 'POST', '/v1/agents', { body: { name: 'trader' } })
  inBodies.keep(json.api_key)
  const config = { partner_key: `bk_ptr_${inBodies.value()}`, default_wallet_id: 'wlt_main' }
  await right(vault, 'PUT', '/v1/org/bankr-config', { body: config })
  const leased = await right(vault, 'POST', `/v1/agents/${json.agent.id}/bankr-keys/lease`, { body: {} })
  inBodies.keep(leased.json.api_key)
  await right(vault, 'GET', `/v1/agents/${json.agent.id}/bankr-keys`)
  await right(vault, 'DELETE', '/v1/org/bankr-config')
}

async function useDeposits(vault: Vault, password: string): Promise<void> {
  const { json } = await right(vault, 'POST', '/v1/deposit-destinations', { body: { chain: 'base' } })
  const key = `/v1/deposit-destinations/${json.id}/export`
  await refused(vault, 'POST', key, { headers: { 'x-auth-confirm': inHeaders.value() } })
  const exported = await right(vault, 'POST', key, { headers: { 'x-auth-confirm': password } })
  inBodies.keep(exported.json.private_key)
}

async function useOAuth(vault: Vault): Promise<void> {
  const client_id = 'canary-oauth'
  const redirect_uri = 'https://app.example.com/callback'
  const made = await right(vault, 'POST', '/v1/platform/apps', {
    body: { name: 'Canary', slug: client_id, redirect_uris: [redirect_uri] },
  })
  inBodies.keep(made.json.api_key)
  const code_verifier = randomBytes(32).toString('base64url')
  inBodies.keep(code_verifier)
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const pkce = { code_challenge, code_challenge_method: 'S256' }
  const asked = { client_id, redirect_uri, scope: 'openid offline_access', ...pkce, approve: true }
  const { json } = await right(vault, 'POST', '/v1/oauth/authorize', { body: asked })
  const code = new URL(json.redirect_url).searchParams.get('code') ?? ''
  const exchange = { client_id, redirect_uri, code_verifier }
  await vault.send('POST', '/v1/oauth/token', { body: { ...exchange, code: inBodies.value() }, bearer: null })
  const tokens = (await right(vault, 'POST', '/v1/oauth/token', { body: { ...exchange, code }, bearer: null })).json
  for (const token of [code, tokens.access_token, tokens.refresh_token, tokens.id_token]) inBodies.keep(token)
  await right(vault, 'GET', '/v1/oauth/userinfo', { bearer: tokens.access_token })
  await vault.send('GET', '/v1/oauth/userinfo', { bearer: inHeaders.value() })
  await vault.send('POST', '/v1/oauth/token', { body: { ...exchange, code: tokens.refresh_token }, bearer: null })
  await right(vault, 'POST', '/v1/oauth/revoke', { body: { token: tokens.refresh_token }, bearer: null })
  await right(vault, 'POST', '/v1/oauth/revoke', { body: { token: inBodies.value() }, bearer: null })
}

async function useWebhooks(vault: Vault): Promise<void> {
  const body = { url: 'https://hooks.example.com/pawl', events: ['*'], secret: inBodies.value() }
  const { json } = await right(vault, 'POST', '/v1/webhooks', { body })
  const path = `/v1/webhooks/${json.id}`
  await right(vault, 'GET', path)
  await right(vault, 'POST', `${path}/test`)
  const rotated = await right(vault, 'POST', `${path}/rotate-secret`, { body: { secret: inBodies.value() } })
  inBodies.keep((await right(vault, 'POST', `${path}/rotate-secret`)).json.secret)
  await vault.send('POST', `${path}/rotate-secret`, { body: { secret: inBodies.value(), overlap_seconds: -1 } })
  inBodies.keep(rotated.json.secret)
  await right(vault, 'GET', `${path}/deliveries`)
}

/** Answers the new password of the owner. */
async function usePeople(vault: Vault): Promise<string> {
  const signIn = async (password: string) =>
    (await right(vault, 'POST', '/v1/auth/token', { body: { email, password }, bearer: null })).json.access_token
  vault.bearer = await signIn(firstPassword)
  const password = inBodies.password()
  const change = { current_password: firstPassword, new_password: password }
  await vault.send('POST', '/v1/auth/change-password', { body: { ...change, current_password: inBodies.value() } })
  await right(vault, 'POST', '/v1/auth/change-password', { body: change })
  vault.bearer = await signIn(password)
  await right(vault, 'POST', '/v1/auth/refresh', { body: { refresh_token: inBodies.value() } })
  const { json } = await right(vault, 'POST', '/v1/auth/api-keys', {
    body: { name: 'laptop', current_password: password },
  })
  await right(vault, 'POST', '/v1/auth/api-key-token', { body: { api_key: json.api_key }, bearer: null })
  await right(vault, 'GET', '/v1/auth/api-keys', { bearer: json.api_key })
  const ann = { email: 'ann@example.com', password: inBodies.password() }
  await right(vault, 'POST', '/v1/org/members', { body: ann })
  await right(vault, 'POST', '/v1/org/invite', { body: { email: 'bea@example.com' } })
  const accepting = { token: sent, password: inBodies.password() }
  await right(vault, 'POST', '/v1/org/invite/accept', { body: accepting, bearer: null })
  await vault.send('POST', '/v1/org/invite/accept', { body: { ...accepting, token: inBodies.value() }, bearer: null })
  await right(vault, 'GET', '/v1/org/members')
  await right(vault, 'GET', '/v1/auth/me')
  await right(vault, 'PUT', '/v1/org/settings/name', { body: { value: 'Example' } })
  await right(vault, 'PUT', '/v1/admin/settings/agent_vaults_max', { body: { value: '10' } })
  await useFactors(vault, ann)
  return password
}

async function useFactors(vault: Vault, person: { email: string; password: string }): Promise<void> {
  const kept = (text: string) => {
    inBodies.keep(text)
    return text
  }
  const first = (await right(vault, 'POST', '/v1/auth/token', { body: person, bearer: null })).json
  const bearer = first.access_token
  const { secret } = (await right(vault, 'POST', '/v1/auth/mfa/setup', { bearer })).json
  const code = (ms: number) => appCode(kept(secret), Date.now() + ms)
  const confirmed = await right(vault, 'POST', '/v1/auth/mfa/verify-setup', { body: { code: code(0) }, bearer })
  const [one, two] = confirmed.json.recovery_codes.map(kept)
  const between = (await right(vault, 'POST', '/v1/auth/token', { body: person, bearer: null })).json
  const second = { code: one, mfa_token: kept(between.mfa_token) }
  await vault.send('POST', '/v1/auth/mfa/verify', { body: { ...second, code: inBodies.value() }, bearer: null })
  await right(vault, 'POST', '/v1/auth/mfa/verify', { body: second, bearer: null })
  await right(vault, 'DELETE', '/v1/auth/mfa', { body: { code: two }, bearer })
  const self = { bearer, kept, headers: { 'x-auth-confirm': person.password } }
  await useDevices(vault, self)
  await usePasskeys(vault, self, person)
  await useRecovery(vault, self)
  // The recovery has ended the session.
  const { access_token } = (await right(vault, 'POST', '/v1/auth/token', { body: person, bearer: null })).json
  await leaveWithProof(vault, { ...self, bearer: access_token }, person.password)
}

async function leaveWithProof(vault: Vault, { bearer, kept }: Person, password: string): Promise<void> {
  const purpose = 'account.delete'
  const again = { purpose, password }
  const proof = (await right(vault, 'POST', '/v1/auth/reauth/complete', { body: again, bearer })).json
  const headers = { 'x-auth-confirm': kept(proof.reauth_token) }
  const wrong = { 'x-auth-confirm': inHeaders.value() }
  const leave = { body: { confirmation: 'DELETE MY ACCOUNT' }, bearer }
  await vault.send('DELETE', '/v1/auth/me', { ...leave, headers: wrong })
  await right(vault, 'DELETE', '/v1/auth/me', { ...leave, headers })
}

interface Person extends Required<Pick<Asked, 'headers'>> {
  readonly bearer: string
  kept(text: string): string
}

/** Registers a phone and confirms an action with it. */
async function useDevices(vault: Vault, { bearer, kept }: Person): Promise<void> {
  const phone = fakeDevice()
  const registration = { name: 'phone', platform: 'ios', public_key_pem: phone.publicKeyPem }
  const { device_id } = (await right(vault, 'POST', '/v1/auth/devices', { body: registration, bearer })).json
  const base = `/v1/auth/devices/${device_id}`
  await right(vault, 'POST', `${base}/push-token`, { body: { token: inBodies.value(), platform: 'apns' }, bearer })
  const asked = { action: 'approve_transaction', target_id: 'tx-1' }
  const { challenge_nonce } = (await right(vault, 'POST', `${base}/challenge`, { body: asked, bearer })).json
  const answer = { challenge_nonce, signature: phone.sign(challenge_nonce) }
  kept((await right(vault, 'POST', `${base}/attest`, { body: answer, bearer })).json.step_up_token)
  await right(vault, 'GET', '/v1/auth/devices', { bearer })
}

/** The owner resets the password of somebody else. */
async function useRecovery(vault: Vault, { bearer, kept }: Person): Promise<void> {
  const base = '/v1/auth/credential-recovery'
  await right(vault, 'PATCH', '/v1/org/credential-recovery-policy', { body: { delay_hours: 0 } })
  const body = { recovery_type: 'password_reset' }
  const { request_id } = (await right(vault, 'POST', `${base}/request`, { body, bearer })).json
  await right(vault, 'POST', `${base}/requests/${request_id}/approve`)
  kept((await right(vault, 'POST', `${base}/requests/${request_id}/execute`)).json.recovery_code)
}

/** Registers a passkey, uses it in each way, and removes it. */
async function usePasskeys(vault: Vault, { bearer, kept, headers }: Person, signIn: object): Promise<void> {
  const base = '/v1/auth/passkeys'
  const key = fakeAuthenticator({ origin: 'http://localhost:8210', rpId: 'localhost' })
  const { challenge } = (await right(vault, 'POST', `${base}/register/begin`, { bearer })).json
  const body = key.create(challenge)
  const { passkey_id } = (await right(vault, 'POST', `${base}/register/complete`, { body, bearer, headers })).json
  const assert = async (path: string, asked: object, by: string | null, more = {}) => {
    const begun = await right(vault, 'POST', `${path}/begin`, { body: asked, bearer: by })
    const signed = { ...key.get(begun.json.challenge), ...more }
    return (await right(vault, 'POST', `${path}/complete`, { body: signed, bearer: by })).json
  }
  kept((await assert(`${base}/assert`, {}, null)).token)
  kept((await assert(`${base}/vault-assert`, {}, bearer)).passkey_token)
  kept((await assert(`${base}/tx-assert`, { tx_digest: 'ab'.repeat(32) }, bearer)).passkey_token)
  await right(vault, 'PATCH', '/v1/auth/settings', { body: { require_passkey_for_mfa: true }, bearer })
  const started = await right(vault, 'POST', '/v1/auth/token', { body: signIn, bearer: null })
  const mfa_token = kept(started.json.mfa_token)
  kept((await assert('/v1/auth/mfa/passkey', { mfa_token }, null, { mfa_token })).access_token)
  const proven = async (purpose: string) => {
    const { reauth_token } = await assert('/v1/auth/reauth', { purpose }, bearer, { purpose })
    return { 'x-auth-confirm': kept(reauth_token) }
  }
  const off = { body: { require_passkey_for_mfa: false }, bearer }
  await right(vault, 'PATCH', '/v1/auth/settings', { ...off, headers: await proven('security.mfa_passkey.disable') })
  const proof = await proven('security.passkey.delete')
  await right(vault, 'DELETE', `${base}/${passkey_id}`, { bearer, headers: proof })
}

async function useAccounts(vault: Vault): Promise<void> {
  const post = async (path: string, body: object, bearer: string | null = null, proof?: string) => {
    const headers: Record<string, string> = proof ? { 'x-auth-confirm': proof } : {}
    const { json } = await right(vault, 'POST', `/v1/auth/${path}`, { body, bearer, headers })
    await vault.pawl.runJobs()
    return json
  }
  const eve = { email: 'eve@example.com', password: inBodies.password() }
  await post('signup', { ...eve, display_name: 'Eve' })
  await vault.send('POST', '/v1/auth/verify-email', { body: { token: inBodies.value() }, bearer: null })
  await post('verify-email', { token: sent })
  await post('forgot-password', { email: eve.email })
  const password = inBodies.password()
  await post('reset-password', { token: sent, new_password: password })
  await post('email-otp/send', { email: eve.email })
  await vault.send('POST', '/v1/auth/email-otp/verify', { body: { email: eve.email, code: 'x' }, bearer: null })
  const { token: bearer } = await post('email-otp/verify', { email: eve.email, code: sent })
  await post('export-data', {}, bearer, password)
  await post('change-email', { new_email: 'eve@example.org' }, bearer, password)
  await post('verify-email-change', { code: sent }, bearer)
  await post('email-otp/send', { email: 'new@example.com' })
  const { token: fresh } = await post('email-otp/verify', { email: 'new@example.com', code: sent })
  const first = inBodies.password()
  await post('set-password', { password: first, password_confirm: first }, fresh)
}

/** Signs in with identity providers in each way, and links one. */
async function useIdentities(vault: Vault): Promise<void> {
  const person = { email: 'lin@example.com', password: inBodies.password() }
  await right(vault, 'POST', '/v1/org/members', { body: person })
  const bearer: string = (await right(vault, 'POST', '/v1/auth/token', { body: person, bearer: null })).json
    .access_token
  const headers = { 'x-auth-confirm': person.password }
  await useFlows(vault, 'max', { path: 'begin', bearer: null })
  await refused(vault, 'POST', '/v1/auth/oidc/corp/link', { body: { auth_confirm: inBodies.value() }, bearer })
  await right(vault, 'POST', '/v1/auth/oidc/corp/link', { body: { auth_confirm: person.password }, bearer })
  await useFlows(vault, 'lin', { path: 'link', bearer, headers })
  const idToken = (sub: string, isWrong = false) => {
    const text = vault.issuer.token({ sub, email: `${sub}@example.com`, email_verified: true }, { wrongKey: isWrong })
    inBodies.keep(text)
    return text
  }
  for (const [path, more] of [
    ['google', {}],
    ['social-login', { provider: 'google' }],
  ] as const) {
    const shown = (id_token: string) => ({ body: { ...more, id_token }, bearer: null })
    await right(vault, 'POST', `/v1/auth/${path}`, shown(idToken(path)))
    for (const wrong of [inBodies.value(), idToken(path, true)]) {
      await refused(vault, 'POST', `/v1/auth/${path}`, shown(wrong))
    }
  }
}

interface FlowAsked extends Asked {
  readonly path: 'begin' | 'link'
}

/** Goes to the issuer and back: as it should be, and with each secret of the way back a wrong one. */
async function useFlows(vault: Vault, sub: string, { path, ...by }: FlowAsked): Promise<void> {
  const base = '/v1/auth/oidc/corp'
  const begun = async () => {
    const { json } = await right(vault, 'POST', `${base}/${path}`, { body: {}, ...by })
    const person = { sub, email: `${sub}@example.com`, email_verified: true }
    const { searchParams } = await vault.issuer.signIn(json.authorization_url, person)
    const [code = '', state = ''] = ['code', 'state'].map((name) => searchParams.get(name) ?? '')
    const body = { code, state, browser_secret: json.browser_secret as string }
    for (const secret of Object.values(body)) inBodies.keep(secret)
    return body
  }
  const complete = `${base}/complete`
  for (const name of ['code', 'state', 'browser_secret']) {
    await refused(vault, 'POST', complete, { ...by, body: { ...(await begun()), [name]: inBodies.value() } })
  }
  await right(vault, 'POST', complete, { ...by, body: await begun() })
}

/** A device signs in with a code that its user allows. */
async function useLogins(vault: Vault): Promise<void> {
  const asked = { body: { client_id: 'cli', email }, bearer: null }
  const { device_code, user_code } = (await right(vault, 'POST', '/v1/auth/device/code', asked)).json
  inBodies.keep(device_code)
  links.keep(user_code)
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  const poll = async (code: string) => {
    const body = { device_code: code, grant_type }
    return (await right(vault, 'POST', '/v1/auth/device/token', { body, bearer: null })).json
  }
  expect(await poll(inBodies.value())).toEqual({ error: 'expired_token' })
  expect(await poll(device_code)).toEqual({ error: 'authorization_pending' })
  await right(vault, 'GET', `/v1/auth/device/code/${user_code}`)
  await right(vault, 'POST', '/v1/auth/device/approve', { body: { user_code } })
  inBodies.keep((await poll(device_code)).access_token)
  expect(await poll(device_code)).toEqual({ error: 'expired_token' })
}

/** An agent asks for an approval, and the link of the mail decides. */
async function useApprovals(vault: Vault): Promise<void> {
  const made = (await right(vault, 'POST', '/v1/agents', { body: { name: 'asking' } })).json
  const summary = { action: 'invoice.pay', target_type: 'invoice', target_id: '17', summary: { amount: '120' } }
  inBodies.keep(made.api_key)
  await right(vault, 'POST', '/v1/approvals/request', { body: summary, bearer: made.api_key })
  await vault.pawl.runJobs()
  const token = sent
  inBodies.keep(token)
  const path = '/v1/approvals/quick-decide'
  await refused(vault, 'POST', path, { body: { token: inBodies.value(), decision: 'approved' }, bearer: null })
  await right(vault, 'POST', path, { body: { token, decision: 'approved' }, bearer: null })
}

/** Agents ask for an identity, by mail and by a link, and a user sees, allows and denies each. */
async function useEnrolments(vault: Vault, vault_id: string): Promise<void> {
  const base = '/v1/agents/enroll'
  const byMail = async () => {
    await right(vault, 'POST', base, { body: { name: 'mailed', human_email: email }, bearer: null })
    await vault.pawl.runJobs()
    return sent
  }
  const byLink = async () => {
    const { json } = await right(vault, 'POST', base, { body: { name: 'linked' }, bearer: null })
    const token = new URL(json.approval_url).searchParams.get('token') ?? ''
    links.keep(token)
    return token
  }
  // What was to be mailed before, so that a request is the last.
  await vault.pawl.runJobs()
  for (const ask of [byMail, byLink]) {
    const [allowed, denied] = [await ask(), await ask()]
    for (const path of ['show', 'approve', 'deny']) {
      await refused(vault, 'POST', `${base}/${path}`, { body: { token: inBodies.value() } })
    }
    await right(vault, 'POST', `${base}/show`, { body: { token: allowed } })
    const { json } = await right(vault, 'POST', `${base}/approve`, { body: { token: allowed, vault_id } })
    inBodies.keep(json.api_key)
    await right(vault, 'POST', `${base}/deny`, { body: { token: denied } })
    await vault.pawl.runJobs()
  }
}

/** An agent with a key of its own collects its API key. */
async function usePairing(vault: Vault, vault_id: string): Promise<void> {
  const base = '/v1/agents/enroll'
  const public_key = randomBytes(32).toString('base64')
  const { json } = await right(vault, 'POST', base, { body: { name: 'paired', public_key }, bearer: null })
  const token = new URL(json.approval_url).searchParams.get('token') ?? ''
  links.keep(token)
  inBodies.keep(json.poll_token)
  await right(vault, 'POST', `${base}/approve`, { body: { token, vault_id, fingerprint: json.fingerprint } })
  const status = (poll: string) => ({ headers: { 'x-poll-token': poll }, bearer: null })
  await refused(vault, 'GET', `${base}/${json.pairing_id}/status`, status(inHeaders.value()))
  const collected = await right(vault, 'GET', `${base}/${json.pairing_id}/status`, status(json.poll_token))
  inBodies.keep(collected.json.api_key)
}

/** An agent gets tokens for another service. */
async function useFederation(vault: Vault): Promise<void> {
  const audience = 'https://api.example.com'
  const body = { name: 'federated', federation_enabled: true, federation_audiences: [audience] }
  const { api_key } = (await right(vault, 'POST', '/v1/agents', { body })).json
  const path = '/v1/auth/federated-token'
  const shown = { body: { subject_token: api_key, audience }, bearer: null }
  inBodies.keep((await right(vault, 'POST', path, shown)).json.access_token)
  await refused(vault, 'POST', path, { body: { subject_token: inBodies.value(), audience }, bearer: null })
  const other = { subject_token: api_key, audience: 'https://other.example.com' }
  await refused(vault, 'POST', path, { body: other, bearer: null })
}

/** The keys of an app and of the agents that it makes, and the claim links. */
async function usePlatform(vault: Vault): Promise<void> {
  const kept = (text: string) => {
    inBodies.keep(text)
    return text
  }
  const app = (await right(vault, 'POST', '/v1/platform/apps', { body: { name: 'DeFi', slug: 'my-defi' } })).json
  kept(app.api_key)
  const hook = { webhook_url: 'https://hooks.example.com/pawl' }
  await right(vault, 'PATCH', `/v1/platform/apps/${app.id}`, { body: hook })
  kept((await right(vault, 'POST', `/v1/platform/apps/${app.id}/rotate-webhook-secret`)).json.webhook_secret)
  const rotated = await right(vault, 'POST', `/v1/platform/apps/${app.id}/rotate-key`, { body: {} })
  const bearer = kept(rotated.json.api_key)
  await refused(vault, 'GET', `/v1/platform/apps/${app.id}`, { bearer: app.api_key })
  const person = { email: 'cleo@example.com', external_subject: 'telegram:1' }
  const user = (await right(vault, 'POST', '/v1/platform/users/upsert', { body: person, bearer })).json
  const connection = `/v1/platform/connections/${user.connection_id}`
  const once = { body: {}, bearer, headers: { 'idempotency-key': 'once' } }
  const { summary, claim_token } = (await right(vault, 'POST', `${connection}/bootstrap`, once)).json
  kept(summary.agent_api_key)
  kept(claim_token)
  await right(vault, 'POST', `${connection}/bootstrap`, once)
  const reissued = await right(vault, 'POST', `${connection}/reissue-claim`, { body: {}, bearer })
  const token = kept(reissued.json.claim_token)
  await refused(vault, 'POST', `/v1/platform/claim/${claim_token}`, { bearer: null })
  await right(vault, 'GET', `/v1/platform/claim/${token}`, { bearer: null })
  await right(vault, 'POST', `/v1/platform/claim/${token}`, { bearer: null })
  await right(vault, 'GET', `/v1/platform/apps/${app.id}/audit`, { bearer })
}

async function useSecrets(vault: Vault, id: string): Promise<void> {
  const base = `/v1/vaults/${id}`
  const values = [
    inBodies.value(),
    `\u0000\u0001${inBytes.value()}\u{10ffff}\ud7ff`,
    inBodies.value() + 'x'.repeat(100_000),
  ]
  for (const value of values) {
    await right(vault, 'PUT', `${base}/secrets/db/password`, { body: { value, type: 'password' } })
    expect((await right(vault, 'GET', `${base}/secrets/db/password`)).json.value).toBe(value)
  }
  await right(vault, 'GET', `${base}/secret-version/db/password/1`)
  await right(vault, 'POST', `${base}/secret-rotate/db/password`, { body: {} })
  inBodies.keep((await right(vault, 'GET', `${base}/secrets/db/password`)).json.value)
  await right(vault, 'POST', `${base}/secret-batch`, { body: { paths: ['db/password'] } })
  await right(vault, 'GET', `${base}/secrets`)
  await right(vault, 'GET', `${base}/secret-versions/db/password`)
  await right(vault, 'POST', `${base}/secret-version-disable/db/password/4`)
  await right(vault, 'POST', `${base}/rotate-key`, { body: {} })
  const once = { value: inBodies.value(), max_access_count: 1 }
  await right(vault, 'PUT', `${base}/secrets/once`, { body: once })
  await right(vault, 'GET', `${base}/secrets/once`)
  expect((await vault.send('GET', `${base}/secrets/once`)).status).toBe(410)
  await right(vault, 'DELETE', `${base}/secrets/once`)
}

/** Keys of clients, and shares of split keys: neither is ever stored. */
async function useClientKeys(vault: Vault): Promise<void> {
  const { json: made } = await right(vault, 'POST', '/v1/vaults', { body: { name: 'split', mpc_custody: '2-of-2' } })
  const split = `/v1/vaults/${made.id}/secrets/a`
  for (const [method, path, body] of [
    ['PUT', split, { value: inBodies.value() }],
    ['POST', `/v1/vaults/${made.id}/secret-rotate/a`, {}],
  ] as const) {
    const share = (await right(vault, method, path, { body })).json.client_share
    inHeaders.keep(share)
    await right(vault, 'GET', split, { headers: { 'x-client-share': share } })
  }
  await vault.send('GET', split, { headers: { 'x-client-share': inHeaders.value() } })
  await vault.send('GET', `${split}?client_share=${inMistakes.value()}`)
  const base = `/v1/vaults/${(await right(vault, 'POST', '/v1/vaults', { body: { name: 'cmek' } })).json.id}`
  const [from, to] = [newCmekKey(), newCmekKey()]
  const text = (key: Uint8Array) => {
    const written = Buffer.from(key).toString('base64')
    inHeaders.keep(written)
    return written
  }
  await right(vault, 'POST', `${base}/cmek`, { body: { fingerprint: cmekFingerprint(from) } })
  await right(vault, 'PUT', `${base}/secrets/a`, { body: { value: encryptCmek(from, inBodies.value()) } })
  const headers = { 'x-cmek-old-key': text(from), 'x-cmek-new-key': text(to) }
  const body = { new_fingerprint: cmekFingerprint(to) }
  await vault.send('POST', `${base}/cmek-rotate`, {
    body,
    headers: { ...headers, 'x-cmek-new-key': inHeaders.value() },
  })
  await right(vault, 'POST', `${base}/cmek-rotate`, { body, headers })
}

async function useAgents(vault: Vault, id: string): Promise<void> {
  const { json: made } = await right(vault, 'POST', '/v1/agents', { body: { name: 'reporter' } })
  const { json: rotated } = await right(vault, 'POST', `/v1/agents/${made.agent.id}/rotate-key`, { body: {} })
  const principal = { principal_type: 'agent', principal_id: made.agent.id, permissions: ['read'] }
  const policy = { secret_path_pattern: 'db/*', ...principal }
  await right(vault, 'POST', `/v1/vaults/${id}/policies`, { body: policy })
  const key = { body: { api_key: rotated.api_key }, bearer: null }
  const { json: token } = await right(vault, 'POST', '/v1/auth/agent-token', key)
  await vault.send('POST', '/v1/auth/agent-token', { body: { api_key: made.api_key }, bearer: null })
  for (const bearer of [rotated.api_key, token.access_token]) {
    await right(vault, 'GET', `/v1/vaults/${id}/secrets/db/password`, { bearer })
    await vault.send('PUT', `/v1/vaults/${id}/secrets/db/password`, { bearer, body: { value: inBodies.value() } })
  }
  await right(vault, 'POST', `/v1/agents/${made.agent.id}/rotate-identity-keys`, { body: {} })
  const routerKeys = `/v1/agents/${made.agent.id}/router-keys`
  inBodies.keep((await right(vault, 'POST', routerKeys, { body: { name: 'editor' } })).json.key)
  await right(vault, 'GET', routerKeys)
  const { json: found } = await right(vault, 'GET', '/v1/org/agent-keys-vault')
  for (const version of [1, 2]) {
    for (const kind of ['ssh', 'ecdh']) {
      const path = `agents/${made.agent.id}/${kind}/private_key/${version}`
      inBodies.keep((await right(vault, 'GET', `/v1/vaults/${found.vault_id}/secret-version/${path}`)).json.value)
    }
  }
  await right(vault, 'DELETE', '/v1/auth/token', { bearer: token.access_token })
}

async function useShares(vault: Vault, id: string): Promise<void> {
  const path = 'shared/password'
  const { json: secret } = await right(vault, 'PUT', `/v1/vaults/${id}/secrets/${path}`, {
    body: { value: inBodies.value() },
  })
  const share = async (asked: string, more: object) => {
    const { json } = await right(vault, 'POST', asked, { body: { recipient_type: 'anyone_with_link', ...more } })
    links.keep(json.id)
    return `/v1/share/${json.id}`
  }
  const passphrase = inBodies.value()
  const first = await share(`/v1/secrets/${secret.id}/share`, { passphrase })
  await right(vault, 'POST', first, { body: { passphrase }, bearer: null })
  await vault.send('POST', first, { body: { passphrase: inBodies.value() }, bearer: null })
  const fromHeader = inHeaders.value()
  const second = await share('/v1/shares', { vault_id: id, secret_path: path, passphrase: fromHeader })
  await right(vault, 'GET', second, { headers: { 'x-share-passphrase': fromHeader }, bearer: null })
  await vault.send('GET', second, { headers: { 'x-share-passphrase': inHeaders.value() }, bearer: null })
  await vault.send('GET', `${first}?passphrase=${inMistakes.value()}`, { bearer: null })
  await right(vault, 'GET', first.replace('share', 'shares'))
  await right(vault, 'GET', '/v1/shares/outbound')
  await right(vault, 'DELETE', first)
}

/** Every field of every operation with a secret of the wrong type in it, and requests that are none. */
async function misuseEverything(vault: Vault): Promise<void> {
  for (const operation of operationsOf(registry)) {
    const { method, path } = operation.http ?? { method: 'GET', path: '' }
    if (path === '' || method === 'GET') continue
    const place = path.replace(/\{\w*id\}/g, '00000000-0000-4000-8000-000000000000').replace(/\{\w+\+?\}/g, 'x')
    for (const field of Object.keys(propertiesOf(jsonSchemaOf(operation.input, 'input')))) {
      if (path.includes(`{${field}`)) continue
      const value = inMistakes.value()
      await vault.send(method, place, { body: { [field]: { deep: [value] } } })
      await vault.send(method, place, { body: { [field]: [value], [value]: value } })
    }
  }
  await sendNonsense(vault)
}

async function sendNonsense({ send }: Vault): Promise<void> {
  const tag = () => inMistakes.value()
  const put = '/v1/vaults/00000000-0000-4000-8000-000000000000/secrets/a'
  const bodies = [`{"value":"${tag()}`, `{"value":"a","value":"${tag()}"}`, `"${tag()}"`, `["${tag()}"]`, tag()]
  for (const body of [...bodies, `{"value":${tag()}}`, `{"value":"${tag()}\\ud800"}`, `value=${tag()}`]) {
    for (const path of [put, '/v1/auth/token', '/v1/auth/agent-token', '/v1/shares']) await send('PUT', path, { body })
    for (const path of ['/v1/auth/token', '/v1/auth/agent-token', '/v1/shares']) await send('POST', path, { body })
  }
  await send('PUT', put, { body: { value: tag() + 'x'.repeat(6 * 1024 * 1024) } })
  await send('PUT', put, { body: { value: tag() + 'x'.repeat(2 * 1024 * 1024) } })
  await send('GET', `/v1/unknown/${tag()}?token=${tag()}`)
  await send('GET', `/v1/audit/events?limit=${tag()}`)
  await send('GET', `/v1/share/${tag()}`)
  await send('POST', '/v1/auth/token', { body: { email: tag(), password: tag() } })
  await send('POST', '/v1/auth/token', { body: { email, password: tag() } })
  await sendHeaders(send)
}

async function sendHeaders(send: Vault['send']): Promise<void> {
  const tag = () => inHeaders.value()
  const names = [
    'x-api-key',
    'x-vault-token',
    'cookie',
    'x-request-secret',
    'x-share-passphrase',
    'proxy-authorization',
  ]
  const headers = Object.fromEntries(names.map((name) => [name, tag()]))
  await send('GET', '/v1/vaults', { headers })
  const bearers = [tag(), `1ck_${tag()}`, `ocv_${tag().padEnd(43, 'x').slice(0, 43)}`, `eyJhbGciOiJub25lIn0.${tag()}.x`]
  for (const bearer of bearers) await send('GET', '/v1/vaults', { bearer, headers })
  for (const authorization of [`Basic ${btoa(`u:${tag()}`)}`, `Token ${tag()}`, tag()]) {
    await send('GET', '/v1/vaults', { bearer: null, headers: { authorization } })
  }
  await send('GET', '/v1/unknown', { headers: { 'x-forwarded-for': tag(), 'x-secret': tag() } })
}

/** What goes wrong inside is logged with all that is known of it. */
async function useWhileBroken(vault: Vault): Promise<void> {
  const { json } = await right(vault, 'POST', '/v1/vaults', { body: { name: 'broken' } })
  isBroken = true
  for (const [method, path] of [
    ['PUT', `/v1/vaults/${json.id}/secrets/a`],
    ['POST', '/v1/agents'],
    ['POST', '/v1/auth/api-keys'],
    ['POST', '/v1/org/members'],
  ] as const) {
    const body = { name: 'b', email: 'bob@example.com', value: inBodies.value(), password: inBodies.password() }
    expect((await vault.send(method, path, { body })).status).toBe(503)
  }
  isBroken = false
}

async function fillSinks({ send }: Vault): Promise<void> {
  sinks['the metrics'] = (await send('GET', '/metrics')).text
  sinks['the document'] = (await send('GET', '/openapi.json')).text
  const pages: string[] = []
  for (let offset = 0; ; offset += 1_000) {
    const { text, json } = await send('GET', `/v1/audit/events?limit=1000&offset=${offset}`)
    pages.push(text)
    if (json.count < 1_000) break
  }
  sinks['the audit trail'] = pages.join('\n')
  const data = join(folder, 'data')
  sinks['the open files'] = (await readAll(data)).join('\n')
  const names = ['', ...(await readdir(data))]
  modes = await Promise.all(
    names.map(async (name) => `${((await stat(join(data, name))).mode & 0o777).toString(8)} ${name || 'data'}`),
  )
}

async function readAll(path: string): Promise<string[]> {
  return Promise.all((await readdir(path)).map((name) => readFile(join(path, name), 'latin1')))
}
