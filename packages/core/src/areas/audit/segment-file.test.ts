import { createHash } from 'node:crypto'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { nobleCrypto } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { base64, frame, utf8 } from '../../kernel/bytes.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { verifySegmentFile } from './segment-file.ts'
import { closingMessage, digestAfter } from './segments.ts'

// Goal: each rule about an exported segment is tested alone. Method: files that the holder of the key could have made. The signature
// and the digest match, and exactly one other thing is wrong.

const seed = new Uint8Array(32).fill(7)
const key = base64(nobleCrypto.ed25519PublicKey(seed))
const org = 'org'

const blocks = [
  { lane: 'main', first: 10, previous: 'mac-0', events: ['a', 'b'], mac: 'mac-1' },
  { lane: 'main', first: 12, previous: 'mac-1', events: ['c'], mac: 'mac-2' },
] as const

type Block = { readonly [Name in keyof (typeof blocks)[number]]: unknown }

/** The lines of a segment of these blocks, signed as its head says. */
function fileOf(all: readonly Block[] = blocks, changes: object = {}, written: object = {}): string[] {
  const stored = all.map(({ lane, first, previous, events, mac }) => {
    return { mac, payload: JSON.stringify([lane, first, 1_000, previous, events]) }
  })
  const digest = stored.reduce(
    (before, { mac, payload }) => digestAfter(nobleCrypto, before, { mac: String(mac), payload: utf8(payload) }),
    '',
  )
  const place = { lane: 'main', number: 3, first: 10, next: 13, previous: 'mac-0', mac: 'mac-2' }
  const segment = { ...place, from: 1_000, to: 2_000, digest, ...changes }
  const signature = base64(nobleCrypto.ed25519Sign(seed, closingMessage(org, segment)))
  const { next, ...told } = segment
  const head = {
    ...{ format: 'pawl-audit-segment-1', org_id: org, ...told, events: next - told.first },
    ...{ from: rfc3339(told.from), to: rfc3339(told.to), signature, public_key: key, ...written },
  }
  return [head, ...stored].map((line) => JSON.stringify(line))
}

async function verified(lines: readonly string[], keys: readonly string[] = [key], crypto = nobleCrypto) {
  async function* each() {
    yield* lines
  }
  return verifySegmentFile(each(), keys, crypto)
}

const changed = (at: number, changes: Partial<Block>): Block[] =>
  blocks.map((one, number) => ({ ...one, ...(number === at && changes) }))

describe('an exported segment', () => {
  it('verifies as it was signed, also with empty lines', async () => {
    const found = {
      problem: null,
      org,
      lane: 'main',
      number: 3,
      events: 3,
      proof: expect.stringMatching(/^[0-9a-f]{64}$/),
    }
    const [head = '', ...rest] = fileOf()
    expect(await verified([head, ...rest])).toMatchObject(found)
    expect(await verified([head, '', ...rest, ''])).toMatchObject(found)
  })

  it('has the proof that docs/formats.md describes, recomputed with node:crypto', async () => {
    const [head = '', ...rest] = fileOf()
    const sha256 = (...parts: (string | Uint8Array)[]) => {
      const hash = createHash('sha256')
      for (const part of parts) hash.update(part)
      return hash.digest('hex')
    }
    let proof = sha256(frame(...['pawl/1/audit-copy', org, 'main', '3', JSON.parse(head).digest].map(utf8)))
    for (const line of rest) {
      const { mac, payload } = JSON.parse(line)
      proof = sha256(proof, mac, payload)
    }
    expect((await verified([head, ...rest])).proof).toBe(proof)
  })

  it.each([
    [0, { lane: 'other' }, 10],
    [1, { lane: 'other' }, 12],
    [0, { first: 9 }, 10],
    [1, { first: 13 }, 12],
    [0, { previous: 'mac-9' }, 10],
    [1, { previous: 'mac-0' }, 12],
  ] as const)('does not verify when its block %i has %j', async (at, changes, event) => {
    const problem = `Event ${event} is missing or out of place.`
    expect(await verified(fileOf(changed(at, changes)))).toMatchObject({ problem, events: 0, proof: '' })
  })

  it.each([
    ['the digest', { digest: '0'.repeat(64) }],
    ['the MAC of the last block', { mac: 'mac-9' }],
  ])('does not verify when only %s is not what was signed', async (_, changes) => {
    const problem = 'A block differs from what was signed.'
    expect(await verified(fileOf(blocks, changes))).toMatchObject({ problem, events: 0, proof: '' })
  })

  it.each(['5', '{}', 'null', '{'])('does not verify with a payload that is no list: %s', async (payload) => {
    const [head = '', block = ''] = fileOf()
    const problem = 'The line after event 11 is not a block.'
    expect(await verified([head, block, JSON.stringify({ mac: 'mac-2', payload })])).toMatchObject({ problem })
  })

  it.each([{ mac: 5 }, { events: [] }, { events: 'abc' }])(
    'does not verify with a block that is none: %j',
    async (one) => {
      const problem = 'The line after event 11 is not a block.'
      expect(await verified(fileOf(changed(1, one)))).toMatchObject({ problem })
    },
  )

  it('does not verify when it ends early', async () => {
    const problem = 'The file ends before event 12. The segment ends before event 13.'
    expect(await verified(fileOf().slice(0, -1))).toMatchObject({ problem })
  })

  it.each([
    ...[
      { format: 'pawl-audit-segment-2' },
      { number: -1 },
      { first: 1.5 },
      { events: '3' },
      { from: 'now' },
      { to: 'now' },
    ],
    ...['org_id', 'lane', 'previous', 'mac', 'digest', 'signature'].map((name) => ({ [name]: 5 })),
  ])('does not verify with a head that is none: %j', async (written) => {
    const problem = 'The first line is not the head of an audit segment of format 1.'
    expect(await verified(fileOf(blocks, {}, written))).toMatchObject({ problem, org: '-', events: 0 })
  })

  it.each(['null', '5', '"text"', '[]', '{', '{}'])(
    'does not verify with the first line or a block %s',
    async (line) => {
      const [head = '', block = ''] = fileOf()
      expect(await verified([line, block])).toMatchObject({ problem: expect.stringContaining('first line') })
      expect(await verified([head, block, line])).toMatchObject({
        problem: 'The line after event 11 is not a block.',
      })
    },
  )

  it('does not verify without a line, or with a key that is none', async () => {
    expect(await verified([])).toMatchObject({ problem: expect.stringContaining('first line') })
    for (const keys of [[], ['?'], [base64(new Uint8Array(31))], [base64(new Uint8Array(32))]]) {
      for (const crypto of [nobleCrypto, nodeCrypto()]) {
        const problem = 'No given key has signed this segment.'
        expect(await verified(fileOf(), keys, crypto)).toMatchObject({ problem })
      }
    }
  })
})
