import { createPawl } from '@pawl/core'
import { manualClock, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'

// Goal: what a start and a signature ask of the storage does not grow with the number of signing keys. So time and memory stay flat with
// 10^4 of them, unlike in signers that open every key at the start. Method: the requests and the records of a storage in memory are
// counted with few and with many keys. `PAWL_TEST_TIMES=20` in a whole run makes 10^4 keys.

const few = 3
const many = tries(500, 20)
const payment = { agent_id: 'me', chain: 'base', to: '0x000000000000000000000000000000000000dEaD', value: '0.1' }
const fees = { nonce: 1, gas_limit: 21_000, max_fee_per_gas: '2000', max_priority_fee_per_gas: '1000' }

test(`starts and signs with ${many} keys as with ${few}`, async () => {
  expect(await costs(many)).toEqual(await costs(few))
})

/** Requests and records read: at a start, and for the first signature after it. */
async function costs(keys: number) {
  const inner = memoryStorage()
  let requests = 0
  let records = 0
  const noted = async <T extends readonly unknown[]>(answer: Promise<T>): Promise<T> => {
    requests++
    const found = await answer
    records += found.filter((one) => one != null).length
    return found
  }
  const storage = Object.assign(Object.create(inner) as typeof inner, {
    get: (...given: Parameters<typeof inner.get>) => noted(inner.get(...given)),
    scan: (...given: Parameters<typeof inner.scan>) => noted(inner.scan(...given)),
  })
  const parts = { storage, hsm: memoryHsm(), clock: manualClock('2026-01-01T00:00:00Z') }
  const open = () => createPawl({ ...parts, background: false, rateLimits: false })
  const filling = await open()
  const { user } = await filling.firstOwner({ email: 'owner@example.com' })
  const { agents, signers } = filling.as({ user })
  const { agent } = await agents.create({ name: 'payer', intents_api_enabled: true } as never)
  await signers.create({ agent_id: agent.id, chain: 'ethereum' })
  for (let at = 1; at < keys; at++) {
    const { agent: other } = await agents.create({ name: `payer ${at}` })
    await signers.create({ agent_id: other.id, chain: 'ethereum' })
  }
  const started = { requests, records }
  const pawl = await open()
  const start = { requests: requests - started.requests, records: records - started.records }
  const signed = await pawl.as({ agent: agent.id }).intents.sign({ ...payment, ...fees })
  expect(signed).toMatchObject({ status: 'sign_only', signed_tx: expect.stringMatching(/^0x02/) })
  const first = { requests: requests - started.requests, records: records - started.records }
  await pawl.close()
  return { start, first }
}
