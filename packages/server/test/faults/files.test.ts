import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tagged } from '@pawl/testkit/canary'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { type DiskDoor, openOnDisk, signIn } from '../attacks/door.ts'

// Goal: with files that are missing, damaged or of somebody else, a vault does not open, says which file it is and what
// to do, and makes nothing new in their place. Method: whole vaults on disk, and the hands of a careless operator.

let folder: string
const opened: DiskDoor[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-files-'))
})
afterEach(async () => {
  for (const door of opened.splice(0)) await door.stop()
  rmSync(folder, { recursive: true })
})

const value = tagged('value')

/** A vault with one secret, stopped; answers how to read that. */
async function madeIn(data: string) {
  const door = await openOnDisk(data)
  const bearer = await signIn(door)
  const send = (method: string, path: string, body: unknown) =>
    door.send(path, { method, bearer, body: JSON.stringify(body) })
  const { id } = (await send('POST', '/v1/vaults', { name: 'prod' })).json
  const at = `/v1/vaults/${id}/secrets/db`
  expect((await send('PUT', at, { value })).status).toBe(201)
  await door.stop()
  return { at, bearer }
}

async function read(data: string, { at, bearer }: { at: string; bearer: string }) {
  const door = await openOnDisk(data)
  opened.push(door)
  const answer = await door.send(at, { bearer })
  opened.pop()
  await door.stop()
  return answer
}

const refusal = async (data: string) =>
  openOnDisk(data).then(
    (door) => {
      opened.push(door)
      return 'it opened'
    },
    (error: Error) => error.message,
  )

describe('a vault', () => {
  test('whose keys are missing does not open, makes none anew, and works when they are put back', async () => {
    const data = join(folder, 'data')
    const secret = await madeIn(data)
    for (const lost of [['keys'], ['root.key'], ['keys', 'root.key']]) {
      for (const name of lost) copyFileSync(join(data, name), join(folder, name))
      for (const name of lost) rmSync(join(data, name))
      expect(await refusal(data)).toContain(join(data, lost[0] ?? ''))
      for (const name of lost) expect(existsSync(join(data, name)), name).toBe(false)
      for (const name of lost) copyFileSync(join(folder, name), join(data, name))
      expect((await read(data, secret)).json.value).toBe(value)
    }
  })

  test('whose database is missing does not open, makes none anew, and works when it is put back', async () => {
    const data = join(folder, 'data')
    const secret = await madeIn(data)
    renameSync(join(data, 'vault.db'), join(folder, 'vault.db'))
    expect(await refusal(data)).toContain(`${join(data, 'vault.db')} is missing`)
    expect(existsSync(join(data, 'vault.db'))).toBe(false)
    renameSync(join(folder, 'vault.db'), join(data, 'vault.db'))
    expect((await read(data, secret)).json.value).toBe(value)
  })

  test('with the keys, or the root key, or the database of another does not open', async () => {
    const [data, other] = [join(folder, 'data'), join(folder, 'other')]
    const secret = await madeIn(data)
    await madeIn(other)
    for (const swapped of [['keys'], ['root.key'], ['keys', 'root.key'], ['vault.db']]) {
      for (const name of swapped) copyFileSync(join(data, name), join(folder, name))
      for (const name of swapped) copyFileSync(join(other, name), join(data, name))
      expect(await refusal(data), swapped.join()).toMatch(
        /not a root key that opens|The key \S+ does not exist|restore/i,
      )
      for (const name of swapped) copyFileSync(join(folder, name), join(data, name))
    }
    expect((await read(data, secret)).json.value).toBe(value)
  })

  test('with bits flipped anywhere in its database gives the right value or none', async () => {
    const data = join(folder, 'data')
    const secret = await madeIn(data)
    const file = join(data, 'vault.db')
    const whole = readFileSync(file)
    const flips = fc.array(fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7) }), { minLength: 1, maxLength: 3 })
    const property = fc.asyncProperty(flips, async (chosen) => {
      const flipped = Buffer.from(whole)
      for (const { at, bit } of chosen) flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at)
      writeFileSync(file, flipped)
      const answer = await read(data, secret).catch(() => null)
      if (answer?.status === 200) expect(answer.json.value).toBe(value)
      else expect([401, 404, 500, 503, undefined]).toContain(answer?.status)
    })
    await fc.assert(property, { numRuns: tries(40, 4) })
    writeFileSync(file, whole)
    expect((await read(data, secret)).json.value).toBe(value)
    expect(readdirSync(data)).not.toContain('vault.db-wal')
  })
})
