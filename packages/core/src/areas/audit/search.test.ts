import { memoryHsm, memoryStorage, nobleCrypto, seededRandom } from '@pawl/core/ports/reference'
import { worldDefaults } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { openKeyring } from '../../crypto/keyring.ts'
import type { Storage } from '../../ports/storage.ts'
import { codec } from '../../records/codec.ts'
import {
  type AuditBlock,
  type AuditDraft,
  blockKind,
  headId,
  type Kind,
  laneKind,
  newBlock,
  type Recorded,
  readingFrom,
} from '../../records/index.ts'
import { searchedBlocks } from './search.ts'
import { candidatesIn, hashesOf, IndexBuilder, searchIndexKind, type Terms } from './search-index.ts'
import { blocksByTime } from './trail.ts'

// Goal: an index changes how fast a search is, and never what it finds. Method: random trails of several lanes, cut into
// random segments, some without an index, searched with random filters and compared with a look at every event.

const org = 'org'
const names = ['a', 'b', 'c']
const name = fc.constantFrom(...names)
const draft = fc.record({
  action: name,
  actorType: fc.constantFrom('user', 'agent'),
  actorId: name,
  resourceType: fc.constantFrom('vault', 'secret'),
  resourceId: name,
  details: fc.oneof(fc.constant({}), fc.record({ vault_id: fc.oneof(name, fc.constant(7)) })),
  ip: fc.constant(null),
})
const block = fc.record({ drafts: fc.array(draft, { minLength: 1, maxLength: 4 }), pauseMs: fc.nat(2) })
const lane = fc.record({
  blocks: fc.array(block, { minLength: 1, maxLength: 12 }),
  /** The number of blocks in each closed segment, and whether its index is there. */
  segments: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()), { maxLength: 4 }),
})
const time = fc.option(fc.nat(20), { nil: undefined })
/** Few terms, because hardly any event has many of them. */
const terms = fc
  .record({ actor: name, action: name, resource: name, type: fc.constantFrom('vault', 'secret', 'x'), vault: name })
  .chain((all) => fc.subarray(Object.entries(all), { minLength: 1, maxLength: 2 }).map(Object.fromEntries<string>))

async function emptyTrail(storage: Storage) {
  const keyring = await openKeyring(storage, memoryHsm(worldDefaults), nobleCrypto, seededRandom('search'))
  const sealed = codec(keyring)
  let version = 0
  const put = async <T extends Recorded>(kind: Kind<T>, record: T) =>
    storage.commit([sealed.put(kind, kind.scope === 'org' ? org : null, record, null, `v.${version++}`)])
  const reading = readingFrom(storage, keyring)
  return { put, key: keyring.audit(org), trail: { org, reading: () => reading(org) } }
}

type Lane = { blocks: readonly { drafts: AuditDraft[]; pauseMs: number }[]; segments: readonly [number, boolean][] }

function chained(key: Uint8Array, lane: string, { blocks }: Lane): AuditBlock[] {
  let [first, at, previous] = [0, 1, '']
  return blocks.map(({ drafts, pauseMs }) => {
    at += pauseMs
    const made = newBlock(nobleCrypto, key, { lane, first, at, previous, drafts })
    first += drafts.length
    previous = made.mac
    return made
  })
}

function indexesOf(key: Uint8Array, lane: string, blocks: readonly AuditBlock[], segments: Lane['segments']) {
  let start = 0
  return segments.flatMap(([length, isThere], number) => {
    const own = blocks.slice(start, start + length)
    start += length
    const [first, last] = [own[0], own[own.length - 1]]
    if (!first || !last || !isThere) return []
    const builder = new IndexBuilder(nobleCrypto, key)
    for (const one of own) builder.add(one)
    const next = last.first + last.drafts.length
    const place = { lane, number, first: first.first, next, from: first.at, to: last.at }
    return [{ id: `${lane}.${number}`, ...place, table: builder.table() }]
  })
}

/** Said once more, by the words of an event. */
const isWanted = (wanted: Terms) => (one: AuditDraft) => {
  const vault = one.resourceType === 'vault' ? one.resourceId : one.details.vault_id
  const has = { actor: one.actorId, action: one.action, resource: one.resourceId, type: one.resourceType, vault }
  return Object.entries(wanted).every(([field, value]) => has[field as keyof Terms] === value)
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const one of all) found.push(one)
  return found
}

describe('a search through closed segments', () => {
  it('finds what a look at every event finds, in the same order, whatever is indexed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(lane, { minLength: 1, maxLength: 3 }),
        fc.array(terms, { minLength: 1, maxLength: 2 }),
        time,
        time,
        async (lanes, wanted, from, to) => {
          const { put, key, trail } = await emptyTrail(memoryStorage())
          for (const [at, one] of lanes.entries()) {
            const lane = `lane${at}`
            const blocks = chained(key, lane, one)
            for (const made of blocks) await put(blockKind, made)
            const last = blocks[blocks.length - 1] as AuditBlock
            const { mac, at: end } = last
            const next = last.first + last.drafts.length
            await put(laneKind, { id: headId(org, lane), org, lane, next, mac, at: end })
            for (const index of indexesOf(key, lane, blocks, one.segments)) await put(searchIndexKind, index)
          }
          const fits = ({ drafts }: AuditBlock) => wanted.some((one) => drafts.some(isWanted(one)))
          const ids = (blocks: readonly (AuditBlock | null)[]) =>
            blocks.flatMap((one) => (one && fits(one) ? one.id : []))
          const naive = ids(await collect(blocksByTime(trail, { from, to, newestFirst: true })))
          const anyOf = wanted.map((one) => hashesOf(nobleCrypto, key, one))
          const searched = ids(await collect(searchedBlocks(trail, () => anyOf, { from, to })))
          expect(searched).toEqual(naive)
        },
      ),
      { numRuns: tries(240, 4) },
    )
  })

  it('reads no block that holds none of what is wanted', () => {
    fc.assert(
      fc.property(lane, terms, (one, wanted) => {
        const key = new Uint8Array(32)
        const blocks = chained(key, 'main', one)
        const [index] = indexesOf(key, 'main', blocks, [[blocks.length, true]])
        const candidates = index ? candidatesIn(index, [hashesOf(nobleCrypto, key, wanted)]) : []
        // Each term alone is exact. Two of them may be of two events of one block.
        const holding = blocks.filter(({ drafts }) =>
          Object.entries(wanted).every(([field, value]) => drafts.some(isWanted({ [field]: value }))),
        )
        expect(candidates.map(({ first }) => first)).toEqual(holding.map(({ first }) => first))
      }),
    )
  })

  it('shows no name to who reads an index without the key of the organisation', () => {
    const builder = new IndexBuilder(nobleCrypto, new Uint8Array(32).fill(1))
    const secret = 'very-telling-name'
    const told = { action: secret, actorType: 'user', actorId: secret, resourceType: 'secret', resourceId: secret }
    builder.add({ drafts: [{ ...told, details: { vault_id: secret }, ip: null }] })
    expect(Buffer.from(builder.table()).toString('latin1')).not.toContain('telling')
    const [ours = 0] = hashesOf(nobleCrypto, new Uint8Array(32).fill(1), { actor: secret })
    const [theirs = 0] = hashesOf(nobleCrypto, new Uint8Array(32).fill(2), { actor: secret })
    expect(ours).not.toBe(theirs)
  })
})
