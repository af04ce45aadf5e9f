import { rename, writeFile } from 'node:fs/promises'
import { tagged } from '@pawl/testkit/canary'
import { Finding } from '@pawl/testkit/model'
import { Client } from '../crash-loop/client.ts'
import { startServer } from './server.ts'

// A whole day with an installed vault, ten minutes at a step. Its arguments are the program, a folder for everything else,
// the PATH of the server, and the library that shows it another clock. At the end it prints what was done.

const [program = '', folder = '', path = '', faketime = ''] = process.argv.slice(2)
const password = process.env.OWNER_PASSWORD ?? ''
const stepMs = 10 * 60_000
const stepsPerHour = 6
const steps = 24 * stepsPerHour

const client = new Client()
client.port = 8210

interface Things {
  readonly vault: string
  readonly agent: { readonly id: string; readonly key: string }
  agentToken: string
}

async function spendDay(): Promise<void> {
  await turnClock(0)
  let server = await start()
  await signIn()
  const things = await prepare()
  for (let step = 1; step <= steps; step++) {
    await turnClock(step)
    if (step === steps / 2) {
      await server.stop()
      server = await start()
      await signIn()
      await readBack(things, step - 1, client.key)
    }
    // A token is good for a quarter of an hour, and a session for a day.
    client.key = (await client.call('POST', '/v1/auth/refresh')).json.access_token
    if (step % stepsPerHour === 0) await workHourly(things, step)
    await workOften(things, step)
    if (step % (8 * stepsPerHour) === 0) {
      await client.call('POST', `/v1/vaults/${things.vault}/rotate-key`)
      await server.run('backup', `${folder}/backup-${step}`)
    }
  }
  await server.stop()
}

function start() {
  return startServer({ program, folder, password, path, faketime })
}

/** At once: whoever looks finds the old time or the new one, never an empty file. */
async function turnClock(step: number): Promise<void> {
  await writeFile(`${folder}/clock.next`, `+${(step * stepMs) / 1000}\n`)
  await rename(`${folder}/clock.next`, `${folder}/clock`)
}

async function signIn(): Promise<void> {
  const body = { email: 'owner@localhost', password }
  client.key = (await client.call('POST', '/v1/auth/token', { body, bearer: null })).json.access_token
}

async function prepare(): Promise<Things> {
  const { json: vault } = await client.call('POST', '/v1/vaults', { body: { name: 'prod' }, expect: [201] })
  const { json: made } = await client.call('POST', '/v1/agents', { body: { name: 'reporter' }, expect: [201] })
  const things = { vault: vault.id, agent: { id: made.agent.id, key: made.api_key }, agentToken: '' }
  await grant(things, 'db/*', {})
  await signInAgent(things)
  return things
}

async function grant({ vault, agent }: Things, pattern: string, more: object): Promise<void> {
  const principal = { principal_type: 'agent', principal_id: agent.id, permissions: ['read'] }
  const body = { secret_path_pattern: pattern, ...principal, ...more }
  await client.call('POST', `/v1/vaults/${vault}/policies`, { body, expect: [201] })
}

async function signInAgent(things: Things): Promise<void> {
  const body = { api_key: things.agent.key, agent_id: things.agent.id }
  things.agentToken = (await client.call('POST', '/v1/auth/agent-token', { body, bearer: null })).json.access_token
}

async function workOften(things: Things, step: number): Promise<void> {
  const secrets = `/v1/vaults/${things.vault}/secrets`
  await client.call('PUT', `${secrets}/db/main`, { body: { value: valueAt(step) }, expect: [200, 201] })
  await client.call('PUT', `${secrets}/private/main`, { body: { value: tagged('for people') }, expect: [200, 201] })
  await readBack(things, step, client.key)
  await readBack(things, step, things.agentToken)
  await client.call('GET', `${secrets}/private/main`, { bearer: things.agentToken, expect: [403] })
  await client.call('GET', secrets)
  await client.call('GET', '/v1/health', { bearer: null })
  await client.call('GET', '/v1/health/hsm', { bearer: null })
  await client.call('GET', '/metrics', { bearer: null })
}

async function workHourly(things: Things, step: number): Promise<void> {
  const { vault } = things
  await signInAgent(things)
  await client.call('POST', `/v1/vaults/${vault}/secret-rotate/private/main`, { body: {}, expect: [200, 201] })
  await grant(things, `hour-${step}/*`, { expires_at: new Date(Date.now() + (step + 3) * stepMs).toISOString() })
  const share = { vault_id: vault, secret_path: 'db/main', recipient_type: 'anyone_with_link', max_views: 1 }
  const { json } = await client.call('POST', '/v1/shares', { body: share, expect: [201] })
  await client.call('GET', `/v1/share/${json.id}`, { bearer: null })
  await client.call('GET', `/v1/share/${json.id}`, { bearer: null, expect: [404, 410] })
  await shortLivedAgent(`hourly-${step}`)
  const { json: trail } = await client.call('GET', '/v1/audit/verify')
  if (!trail.chain_valid) throw new Finding(`the audit trail is not whole after ${step} steps: ${trail.problem}`)
}

async function shortLivedAgent(name: string): Promise<void> {
  const { json } = await client.call('POST', '/v1/agents', { body: { name }, expect: [201] })
  await client.call('POST', `/v1/agents/${json.agent.id}/rotate-key`, { body: {} })
  await client.call('DELETE', `/v1/agents/${json.agent.id}`, { expect: [200, 204] })
}

async function readBack({ vault }: Things, step: number, bearer: string): Promise<void> {
  const { json } = await client.call('GET', `/v1/vaults/${vault}/secrets/db/main`, { bearer })
  if (json.value !== valueAt(step)) throw new Finding(`what was put at step ${step} did not come back`)
}

function valueAt(step: number): string {
  return tagged(`value of step ${step}`)
}

await spendDay()
process.stdout.write(`${JSON.stringify({ answered: client.acknowledged })}\n`)
