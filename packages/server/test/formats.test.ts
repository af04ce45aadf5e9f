import { createHash, createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { createPawl } from '@pawl/core'
import { openAuditVerifier, verifySegmentFile } from '@pawl/core/maintenance'
import { memoryStorage } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { afterEach, expect, test } from 'vitest'

// Goal: a vault that was stored once opens for ever. Method: the records and the key file of a whole vault in each format,
// as docs/formats.md describes them, written by the version that made the format.

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function vaultOf(format: number) {
  const file = new URL(`../../testkit/src/vectors/vault-${format}.json`, import.meta.url)
  const { root_key_file, keys_file, records, expected } = JSON.parse(readFileSync(file, 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'pawl-format-'))
  folders.push(folder)
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
  for (const [name, text] of [
    ['root.key', root_key_file],
    ['keys', keys_file],
  ]) {
    writeFileSync(join(folder, name), bytes(text), { mode: 0o600 })
  }
  const storage = memoryStorage()
  for (const { body, ...record } of records) {
    await storage.commit([{ op: 'put', ...record, expect: null, body: bytes(body) }])
  }
  const crypto = nodeCrypto()
  const hsm = softwareHsm({ path: join(folder, 'keys'), root: { keyFile: join(folder, 'root.key') }, crypto })
  return { parts: { storage, hsm, crypto }, expected }
}

test.each([1])('a vault in format %d opens, with every value, and its trail verifies', async (format) => {
  const { parts, expected } = await vaultOf(format)
  const problems: unknown[] = []
  for await (const { problem, events } of (await openAuditVerifier(parts)).lanes()) {
    problems.push(problem)
    expect(events).toBeGreaterThan(5)
  }
  expect(problems).toEqual([null])
  const pawl = await createPawl({ ...parts, background: false })
  const { user, vault_id, agent_id, api_key, secrets } = expected
  const owner = pawl.as({ user })
  for (const [path, value] of Object.entries(secrets)) {
    expect((await owner.secrets.get({ vault_id, path })).value.reveal()).toBe(value)
  }
  expect((await owner.secrets.getVersion({ vault_id, path: 'db/password', version: 1 })).value.reveal()).toBe('hunter2')
  const { access_token } = await pawl.as({}).auth.agentToken({ api_key })
  expect((await pawl.as(access_token.reveal()).agents.me()).id).toBe(agent_id)
  const asked = { principal_type: 'agent', principal_id: agent_id, permission: 'read', ip: '10.1.2.3' } as const
  const { answers } = await owner.policies.explain({ vault_id, path: 'db/password', ...asked })
  expect(answers).toMatchObject([{ allowed: true }])
  await owner.secrets.put({ vault_id, path: 'db/password', value: tagged('later') })
  expect(await owner.audit.verify({})).toMatchObject({ chain_valid: true })
  await pawl.close()
})

test('an exported segment in format 1 verifies with its public key, and is what docs/formats.md describes', async () => {
  const file = new URL('../../testkit/src/vectors/audit-segment-1.json', import.meta.url)
  const { public_key, lines } = JSON.parse(readFileSync(file, 'utf8')) as { public_key: string; lines: string[] }
  const head = JSON.parse(lines[0] ?? '')
  expect(await verifySegmentFile(each(lines), [public_key])).toMatchObject({ problem: null, events: head.events })
  const blocks = lines.slice(1).map((line) => JSON.parse(line) as { mac: string; payload: string })
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const digest = blocks.reduce((before, { mac, payload }) => hash(`${before}${mac}${payload}`), '')
  expect(digest).toBe(head.digest)
  const { org_id, lane, number, first, events, previous, mac, from, to } = head
  const times = [Date.parse(from), Date.parse(to)]
  const parts = ['pawl/1/audit-segment', org_id, lane, number, first, first + events, previous, mac, ...times, digest]
  const message = Buffer.concat(parts.map((part) => framed(String(part))))
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(public_key, 'base64')])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  expect(verify(null, message, key, Buffer.from(head.signature, 'base64'))).toBe(true)
})

async function* each(lines: readonly string[]) {
  yield* lines
}

function framed(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
