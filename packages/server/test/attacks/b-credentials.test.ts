import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, test } from 'vitest'
import { openDoor } from './door.ts'

// Goal: guesses at credentials cost more than they give, and text that is no credential is not looked up.

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

describe('H7: text that has not the shape of a key', () => {
  test('is refused before it is hashed or looked up, whatever it would mean to a database', async () => {
    const hashed: string[] = []
    const crypto = nodeCrypto()
    const sha256: typeof crypto.sha256 = (bytes) => {
      hashed.push(Buffer.from(bytes).toString())
      return crypto.sha256(bytes)
    }
    await using door = await openDoor({ crypto: { ...crypto, sha256 } })
    const { key } = await door.world.agent()
    const tricks = [
      "' OR '1'='1",
      "ocv_' OR '1'='1",
      `${key}' --`,
      `${key.slice(0, -1)}%`,
      'ocv_',
      `1ck_${'é'.repeat(43)}`,
    ]
    for (const api_key of tricks) {
      const answers = [
        await door.send('/v1/auth/agent-token', post({ api_key })),
        await door.send('/v1/auth/api-key-token', post({ api_key })),
      ]
      for (const { status, text } of answers) {
        expect([api_key, status]).toEqual([api_key, 401])
        expect(text).not.toMatch(/sql|syntax|OR '1'/i)
      }
    }
    for (const trick of tricks) expect(hashed).not.toContain(trick)
    expect((await door.send('/v1/auth/agent-token', post({ api_key: key }))).status).toBe(200)
    // What is looked up passes through here.
    expect(hashed).toContain(key)
  })
})

describe('B24: guesses at a password', () => {
  test('are limited for each address, and the limit says when to go on', async () => {
    await using door = await openDoor({ rateLimits: true })
    const guess = (number: number) =>
      door.send('/v1/auth/token', post({ email: `user-${number}@example.com`, password: tagged(`guess-${number}`) }))
    const answers: Awaited<ReturnType<typeof guess>>[] = []
    for (let number = 0; number < 40; number++) answers.push(await guess(number))
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(20)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
    expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    door.world.clock.advance(60_000)
    expect((await guess(41)).status).toBe(401)
  })
})
