import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { createPawl } from '@pawl/core'
import { openAuditVerifier } from '@pawl/core/maintenance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isLong, testSeed, times } from '../../../../tools/test-run/index.ts'
import { canaries } from './canary.ts'
import { keysOfDeletedVaults, missingTraces } from './left.ts'
import { type Loop, openLoop } from './loop.ts'
import { buildVictim, type Program } from './program.ts'

// A vault is killed again and again while it works, and what it acknowledged before is asked of it afterwards.

const isLooped = isLong('the crash loop')
const rounds = times('rounds of the crash loop', { quick: 0, whole: 25 })
/** The choices follow from it; the moment of a kill is never the same. */
const seed = testSeed
const timeoutMs = 300_000

let program: Program

beforeAll(async () => {
  if (isLooped) program = await buildVictim()
})

afterAll(async () => {
  if (isLooped) await program[Symbol.asyncDispose]()
})

test.runIf(isLooped)(
  `a vault that is killed ${rounds} times keeps what it acknowledged, gives no read twice, and leaves no secret in clear`,
  async () => {
    await using loop = await openLoop({ program, rounds, seed })
    await loop.run()
    await loop.finish()
    const { unsigned, missing, keysLeft } = await whatIsLeft(loop)
    expect({ seed, unsigned, missing, keysLeft }).toEqual({ seed, unsigned: 0, missing: [], keysLeft: [] })
  },
  timeoutMs,
)

describe('the loop itself', () => {
  test.runIf(isLooped)(
    'catches a vault that acknowledges what it has not committed',
    async () => {
      await using loop = await openLoop({ program, rounds: 3, seed, manner: 'hasty' })
      await expect(loop.run()).rejects.toThrow(/acknowledged/)
    },
    timeoutMs,
  )

  test.each([
    ['in clear', (value: string) => value],
    ['among bytes', (value: string) => Buffer.concat([Buffer.of(0, 255, 200), Buffer.from(value), Buffer.of(129)])],
    ['in UTF-16', (value: string) => Buffer.from(value, 'utf16le')],
    ['in hexadecimal', (value: string) => Buffer.from(value).toString('hex').toUpperCase()],
    ['in base64', (value: string) => Buffer.from(value).toString('base64')],
    ['in the base64 of JSON', (value: string) => Buffer.from(JSON.stringify({ value })).toString('base64')],
    ['in the base64url of more JSON', (value: string) => Buffer.from(`[1,"${value}"]`).toString('base64url')],
    ['as a key', () => `1ck_${'kQ-_'.repeat(10)}abc`],
    ['as a token', () => `Bearer eyJ${'a'.repeat(40)}.${'b'.repeat(40)}.${'c'.repeat(86)}`],
  ])('finds a secret in a file %s', async (_, written) => {
    const tags = canaries()
    const folder = await mkdtemp(join(tmpdir(), 'pawl-canary-'))
    try {
      await writeFile(join(folder, 'harmless'), 'nothing to see')
      expect(await tags.findIn(folder)).toEqual([])
      await writeFile(join(folder, 'vault.db'), written(tags.value()))
      expect(await tags.findIn(folder)).toEqual([expect.stringMatching(/ is in vault\.db$/)])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** An hour later every lease is over, so every job that a kill cut off is done; then the vault is closed and looked at. */
async function whatIsLeft({ folder, things, client }: Loop) {
  const crypto = nodeCrypto()
  const parts = () => ({
    crypto,
    storage: sqlite({ path: join(folder, 'vault.db') }),
    hsm: softwareHsm({ path: join(folder, 'keys'), root: { keyFile: join(folder, 'root.key') }, crypto }),
  })
  const later = { now: () => Date.now() + 3_600_000 }
  const pawl = await createPawl({ ...parts(), clock: later, background: false })
  const { user, org } = await pawl.firstOwner({ email: 'owner@localhost' })
  while ((await pawl.runJobs()) > 0);
  const missing = await missingTraces(client, pawl.as({ user }))
  await pawl.close()
  const { storage, hsm } = parts()
  await storage.setup()
  let unsigned = 0
  for await (const lane of (await openAuditVerifier({ storage, hsm, crypto })).lanes()) {
    unsigned += lane.problem ? Number.POSITIVE_INFINITY : lane.events - lane.signedEvents
  }
  const keysLeft = await keysOfDeletedVaults(hsm, org, things)
  await Promise.all([storage.close(), hsm.close()])
  return { unsigned, missing, keysLeft }
}
