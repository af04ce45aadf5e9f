import type { Storage } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'
import { limits } from '../../kernel/limits.ts'

// Goal: a long list does not stop the server. Method: the rows that the store gives between two turns of the event loop.

/** Counts the rows of each turn of the event loop. */
function countingStorage() {
  const inner = memoryStorage()
  let [rows, most, isCounting] = [0, 0, false]
  const turn = () => {
    rows = 0
    if (isCounting) setImmediate(turn)
  }
  const storage: Storage = {
    ...inner,
    scan: async (range) => {
      const hits = await inner.scan(range)
      rows += hits.length
      most = Math.max(most, rows)
      return hits
    },
  }
  const mostPerTurn = async (work: () => Promise<unknown>) => {
    ;[most, isCounting] = [0, true]
    turn()
    await work().finally(() => {
      isCounting = false
    })
    return most
  }
  return { storage, mostPerTurn }
}

test('M4: a list of secrets reads a bounded number of rows before others get a turn', async () => {
  const { storage, mostPerTurn } = countingStorage()
  await using world = await testPawl({ storage })
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'long' })
  const count = 4 * limits.rowsPerTurnMax
  for (let at = 0; at < count; at++) await owner.secrets.put({ vault_id, path: `many/${at}`, value: tagged('x') })
  let listed = 0
  const most = await mostPerTurn(async () => {
    listed = (await owner.secrets.list({ vault_id })).secrets.length
  })
  expect(listed).toBe(count)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(limits.rowsPerTurnMax + 10)
})
