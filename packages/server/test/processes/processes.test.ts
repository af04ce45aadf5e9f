import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { postgres } from '@pawl/adapters/storage/postgres'
import { createPawl } from '@pawl/core'
import { openAuditVerifier } from '@pawl/core/maintenance'
import { Finding } from '@pawl/testkit/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPostgres, type Postgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { testSeed } from '../../../../tools/test-run/index.ts'
import { canaries } from '../crash-loop/canary.ts'
import { Client } from '../crash-loop/client.ts'
import { keysOfDeletedVaults, missingTraces } from '../crash-loop/left.ts'
import { newSlots, prepare } from '../crash-loop/loop.ts'
import { type Surroundings, seeded, type Thing } from '../crash-loop/thing.ts'
import { type Engines, loadAround, openEngines } from './engines.ts'
import { sharedHsm } from './shared-hsm.ts'

// Several servers, each a process of its own, serve one vault: they share a database and keys, and nothing else.

const seed = testSeed
const timeoutMs = 300_000

describe.skipIf(!hasPostgres)('several servers of one vault', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres({ fsync: true })
  }, timeoutMs)
  afterAll(() => server?.[Symbol.asyncDispose](), timeoutMs)

  test.each([2, 4])(
    'of %i, one is killed under load and one loses the database: nothing is lost or given twice',
    async (count) => {
      const vault = await opened(server, count)
      const { engines, client, tags } = vault
      await using _ = engines
      const things = await live(vault).catch((cause: unknown) => {
        throw new Finding(`seed ${seed}: ${cause instanceof Error ? cause.message : cause}\n${engines.printed()}`, {
          cause,
        })
      })
      expect(await engines.stop()).toEqual(Array.from({ length: count }, () => 0))
      expect(tags.find(Buffer.concat(engines.heard))).toEqual([])
      const left = await whatIsLeft(engines, client, things, server)
      expect({ seed, ...left }).toEqual({ seed, problems: [], unsigned: 0, missing: [], keysLeft: [], jobs: '0' })
    },
    timeoutMs,
  )

  test(
    'what one of them takes back, the other refuses at once',
    async () => {
      const { engines, surroundings, client } = await opened(server, 2)
      await using _ = engines
      const [here, there] = engines.ports as [number, number]
      for (const [taking, refusing] of [
        [here, there],
        [there, here],
      ] as const) {
        await takeBack(at(taking, client), at(refusing, client), surroundings)
      }
    },
    timeoutMs,
  )
})

async function opened(server: Postgres, count: number) {
  const tags = canaries()
  const engines = await openEngines(server, tags)
  const below = seeded(seed)
  const client = new Client()
  const names = Array.from({ length: count }, (_, at) => `engine_${count}_${at}`)
  client.nextPort = () => engines.ports[below(engines.ports.length)] ?? 0
  await engines.start('pawl')
  const surroundings = await prepare(client, engines.password, tags)
  await Promise.all(names.slice(1).map((name) => engines.start(name)))
  return { engines, client, below, surroundings, tags, last: names.at(-1) ?? '' }
}

type Opened = Awaited<ReturnType<typeof opened>>

/** One is killed, another loses its connections, and the first comes back. */
async function live({ engines, client, below, surroundings, last }: Opened): Promise<Thing[]> {
  const things: Thing[] = []
  const slots = newSlots(things, surroundings, below)
  await loadAround(client, slots, below, 150, () => engines.kill(last))
  await slots.checkTouched(client)
  await loadAround(client, slots, below, 60, () => engines.cut('pawl'))
  await slots.checkTouched(client)
  await engines.start(last)
  await loadAround(client, slots, below, 150, async () => {})
  for (const thing of things) await thing.check(client, 'all')
  return things
}

function at(port: number, { key }: Client): Client {
  return Object.assign(new Client(), { port, key })
}

/** Everything is used where it will be refused before it is taken back elsewhere, so there was reason to remember it. */
async function takeBack(taking: Client, refusing: Client, { vaultId, name, value }: Surroundings): Promise<void> {
  const [created, gone] = [{ expect: [201] }, { expect: [204] }]
  const path = `/v1/vaults/${vaultId}/secrets/${name()}`
  await taking.call('PUT', path, { ...created, body: { value: value() } })

  const { json: made } = await taking.call('POST', '/v1/auth/api-keys', { ...created, body: { name: name() } })
  for (let uses = 0; uses < 3; uses++) await refusing.call('GET', path, { bearer: made.api_key })
  await taking.call('DELETE', `/v1/auth/api-keys/${made.key.id}`, gone)
  await refusing.call('GET', path, { bearer: made.api_key, expect: [401] })

  const { json: agent } = await taking.call('POST', '/v1/agents', { ...created, body: { name: name() } })
  const { id } = agent.agent
  const granted = { secret_path_pattern: '**', principal_type: 'agent', principal_id: id, permissions: ['read'] }
  const { json: policy } = await taking.call('POST', `/v1/vaults/${vaultId}/policies`, { ...created, body: granted })
  const asAgent = { body: { api_key: agent.api_key }, bearer: null }
  const { json: token } = await refusing.call('POST', '/v1/auth/agent-token', asAgent)
  const bearer = token.access_token
  for (let uses = 0; uses < 3; uses++) await refusing.call('GET', path, { bearer })
  await taking.call('DELETE', `/v1/vaults/${vaultId}/policies/${policy.id}`, gone)
  await refusing.call('GET', path, { bearer, expect: [403, 404] })
  await refusing.call('GET', '/v1/agents/me', { bearer })
  await taking.call('PATCH', `/v1/agents/${id}`, { body: { is_active: false } })
  await refusing.call('GET', '/v1/agents/me', { bearer, expect: [401, 403] })
  await refusing.call('POST', '/v1/auth/agent-token', { ...asAgent, expect: [401, 403] })

  for (let uses = 0; uses < 3; uses++) await refusing.call('GET', path)
  await taking.call('DELETE', path, gone)
  await refusing.call('GET', path, { expect: [410] })
}

/** An hour later every lease is over, so every job that the killed one had is taken over and done. */
async function whatIsLeft({ url, folder }: Engines, client: Client, things: readonly Thing[], server: Postgres) {
  const crypto = nodeCrypto()
  const parts = () => ({ crypto, storage: postgres({ url }), hsm: sharedHsm(folder) })
  const later = { now: () => Date.now() + 3_600_000 }
  const pawl = await createPawl({ ...parts(), clock: later, background: false })
  const { user, org } = await pawl.firstOwner({ email: 'owner@localhost' })
  while ((await pawl.runJobs()) > 0);
  const missing = await missingTraces(client, pawl.as({ user }))
  await pawl.close()
  const jobs = await server.sql(url, "SELECT count(*) FROM pawl.record WHERE kind = 'job'")
  const { storage, hsm } = parts()
  await storage.setup()
  const problems: string[] = []
  let unsigned = 0
  let events = 0
  for await (const lane of (await openAuditVerifier({ storage, hsm, crypto })).lanes()) {
    if (lane.problem) problems.push(`${lane.lane}: ${lane.problem}`)
    unsigned += lane.events - lane.signedEvents
    events += lane.events
  }
  if (events < client.acknowledged)
    problems.push(`${client.acknowledged} calls were acknowledged, and left ${events} events`)
  const keysLeft = await keysOfDeletedVaults(hsm, org, things)
  await Promise.all([storage.close(), hsm.close()])
  return { problems, unsigned, missing, keysLeft, jobs }
}
