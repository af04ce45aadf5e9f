import { nobleCrypto } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { type AuditBlock, type AuditDraft, type BlockParts, eventsOf, newBlock } from '../../records/index.ts'
import { blockProblem, laneStart, type Place, placeAfter } from './chain.ts'

// Goal: each rule of a chain is asked alone. Method: blocks that the holder of the key could have made, with a MAC that
// fits, and one thing about them that does not.

const key = new Uint8Array(32).fill(7)
const proof = { crypto: nobleCrypto, key }

const draft: AuditDraft = {
  action: 'secret.read',
  actorType: 'user',
  actorId: 'u',
  resourceType: 'secret',
  resourceId: 's',
  details: { path: 'a' },
  ip: null,
}

function made(before: Place, changes: Partial<BlockParts> = {}): AuditBlock {
  const parts = { lane: 'main', first: before.next, at: 5, previous: before.mac, drafts: [draft, draft], ...changes }
  return newBlock(nobleCrypto, key, parts)
}

const first = made(laneStart)
const place = placeAfter(first)

describe('a block', () => {
  it('follows the one before it, and the first one follows nothing', () => {
    expect(blockProblem(proof, 'main', laneStart, first)).toBeNull()
    expect(place).toEqual({ next: 2, mac: first.mac, at: 5 })
    expect(blockProblem(proof, 'main', place, made(place))).toBeNull()
  })

  it.each([
    [{ lane: 'other' }, 'The block belongs to another lane.'],
    [{ first: 3 }, 'Event 2 is missing or out of place.'],
    [{ first: 0 }, 'Event 2 is missing or out of place.'],
    [{ drafts: [] }, 'Event 2 is missing or out of place.'],
    [{ previous: '' }, 'The block does not follow the one before it.'],
    [{ at: 4 }, 'The block is older than the one before it.'],
  ])('is refused with %j', (changes, problem) => {
    expect(blockProblem(proof, 'main', place, made(place, changes))).toBe(problem)
  })

  it('is refused with another MAC, other contents or another key', () => {
    const block = made(place)
    const changed = made(place, { drafts: [draft, { ...draft, actorId: 'x' }] })
    for (const forged of [
      { ...block, mac: first.mac },
      { ...changed, mac: block.mac },
      { ...block, id: 'main.9' },
      { ...made(place, { lane: 'other' }), id: block.id },
    ]) {
      expect(blockProblem(proof, 'main', place, forged)).not.toBeNull()
    }
    expect(blockProblem({ ...proof, key: new Uint8Array(32) }, 'main', place, block)).toBe('The block was changed.')
  })

  it('gives each event an id of its own that follows from the MAC, and the id of the event before it', () => {
    const events = [...eventsOf(nobleCrypto, first), ...eventsOf(nobleCrypto, made(place))]
    expect(events.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3])
    expect(new Set(events.map(({ id }) => id)).size).toBe(4)
    expect(events.map(({ previousId }) => previousId)).toEqual([null, ...events.slice(0, 3).map(({ id }) => id)])
  })
})
