import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { describe, expect, test } from 'vitest'
import { chat, shroudWorld } from '../shroud/world.ts'

// Goal: nothing that a caller or an operator writes for Shroud is run as code, and no text reaches a look-up that has not the
// shape of a key.

const root = join(import.meta.dirname, '../../..')

function sourcesIn(folder: string): string[] {
  const found = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return found
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(root, folder, name))
}

describe('H6: what an operator writes for a detector', () => {
  test('is a pattern, and no source of the engine or of Shroud can run text as code', () => {
    const sources = ['core/src', 'server/src/shroud'].flatMap(sourcesIn)
    expect(sources.length).toBeGreaterThan(300)
    const runsText = /\beval\s*\(|\bnew Function\b|node:vm|\bawait import\(\s*[^'"\s]/
    const without = (path: string) => readFileSync(path, 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
    expect(sources.filter((path) => runsText.test(without(path)))).toEqual([])
  })

  test.each([
    '(function () { globalThis.escaped = true })()',
    '{}.constructor.constructor("globalThis.escaped = true")()',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the attack
    '${globalThis.escaped = true}',
    '(?{globalThis.escaped = true})',
  ])('%s does nothing, as a pattern and as a prompt', async (attack) => {
    const config = { enabled: true, action: 'block', patterns: 'custom', custom_patterns: [attack] }
    const made = await shroudWorld({ config: { command_injection_detection: config } }).catch((error: Error) => error)
    // What is no pattern is not stored.
    if (made instanceof Error) expect(made).toMatchObject({ kind: 'invalid' })
    else {
      await made.post('/v1/chat/completions', chat(attack))
      await made.close()
    }
    expect(globalThis).not.toHaveProperty('escaped')
  })
})

describe('H7: text that has not the shape of a key', () => {
  test('is refused by Shroud before it is hashed or looked up', async () => {
    const hashed: string[] = []
    const crypto = nodeCrypto()
    const sha256: typeof crypto.sha256 = (bytes) => {
      hashed.push(Buffer.from(bytes).toString())
      return crypto.sha256(bytes)
    }
    await using world = await shroudWorld({ pawl: { crypto: { ...crypto, sha256 } } })
    const tricks = ["' OR '1'='1", `${world.agent.id}:' OR '2'='2`, "sk-shroud-v1-' OR '1'='1", `ocv_${"'".repeat(43)}`]
    for (const trick of tricks) {
      const headers: Record<string, string>[] = [
        { 'x-shroud-agent-key': trick },
        { 'x-shroud-agent-key': '', authorization: `Bearer ${trick}` },
        { 'x-shroud-agent-key': '', 'x-api-key': trick },
      ]
      for (const more of headers) {
        const answer = await world.post('/v1/chat/completions', chat('Hi'), more)
        expect([trick, answer.status]).toEqual([trick, 401])
        expect(await answer.text()).not.toMatch(/sql|syntax|OR '/i)
      }
    }
    // A key beside the id of an agent is compared with tokens in memory, by its hash. Everything else ends before.
    for (const text of hashed) expect(text).not.toContain("' OR '1'='1")
    expect((await world.post('/v1/chat/completions', chat('Hi'))).status).toBe(200)
  })
})
