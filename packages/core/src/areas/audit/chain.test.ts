import { nobleCrypto } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { type AuditBlock, type AuditEvent, eventHash, eventId } from '../../records/index.ts'
import { blockProblem, eventProblem, laneStart, type Place, placeAfter } from './chain.ts'

// Goal: each rule of a chain is asked by itself. Method: events that whoever has the key could have made, with a hash
// that fits, and one thing about them that does not.

const key = new Uint8Array(32).fill(7)
const proof = { crypto: nobleCrypto, key, org: 'org' }

function made(before: Place, changes: Partial<AuditEvent> = {}): AuditEvent {
  const draft = {
    action: 'secret.read',
    actorType: 'user',
    actorId: 'u',
    resourceType: 'secret',
    resourceId: 's',
    details: { path: 'a' },
    ip: null,
    at: 5,
    lane: 'main',
    sequence: before.next,
    previousId: before.lastId,
    ...changes,
  }
  const hash = eventHash(nobleCrypto, key, 'org', before.hash, draft)
  return { ...draft, hash, id: eventId(hash), ...changes }
}

const first = made(laneStart)
const place = placeAfter(first)

describe('an event', () => {
  it('follows the one before it, and the first one follows nothing', () => {
    expect(eventProblem(proof, 'main', laneStart, first)).toBeNull()
    expect(eventProblem(proof, 'main', place, made(place))).toBeNull()
  })

  it.each([
    [{ lane: 'other' }, 'The event belongs to another lane.'],
    [{ sequence: 2 }, 'Event 1 is missing or out of place.'],
    [{ sequence: 0 }, 'Event 1 is missing or out of place.'],
    [{ previousId: null }, 'The event does not follow the one before it.'],
    [{ at: 4 }, 'The event is older than the one before it.'],
    [{ hash: first.hash }, 'The event was changed.'],
  ])('is refused with %j', (changes, problem) => {
    expect(eventProblem(proof, 'main', place, made(place, changes))).toBe(problem)
  })

  it('of another organisation or another key is refused', () => {
    expect(eventProblem({ ...proof, org: 'other' }, 'main', place, made(place))).toBe('The event was changed.')
    expect(eventProblem({ ...proof, key: new Uint8Array(32) }, 'main', place, made(place))).toBe(
      'The event was changed.',
    )
  })
})

// Of versions before RFC 8785, as they stored them: where a name in the details looks like an array index, what was hashed
// had it first.
describe('an event of an earlier version', () => {
  const details = { $ref: 'a', '9': 'nine', '10': 'ten' }
  const hash = '95c35efcc8d28816a49f255d20426a6e3e18f581e43f64c54277d3b2b46806b8'
  const earlier = { ...made(laneStart, { details }), hash, id: eventId(hash) }

  it('is as it was written, and one of today follows it', () => {
    expect(eventProblem(proof, 'main', laneStart, earlier)).toBeNull()
    const after = placeAfter(earlier)
    expect(eventProblem(proof, 'main', after, made(after, { details }))).toBeNull()
  })

  it('would have another hash today', () => {
    expect(made(laneStart, { details }).hash).not.toBe(hash)
  })

  it.each([
    { ...details, '9': 'ten' },
    { ...details, '11': 'eleven' },
    { '9': 'nine', '10': 'ten' },
  ])('is refused with the details %j', (changed) => {
    const forged = { ...earlier, details: changed }
    expect(eventProblem(proof, 'main', laneStart, forged)).toBe('The event was changed.')
  })

  it('is as it was written where its details hold half a surrogate pair, which RFC 8785 has no form for', () => {
    const hash = '48dd0d21413f5cc4acdb8ac938717aa47b257b3f4c25f2f38c2486cbd37a057c'
    const details = { b: 'half \ud800', a: 1 }
    expect(made(laneStart, { details })).toMatchObject({ hash })
    expect(eventProblem(proof, 'main', laneStart, { ...earlier, details, hash, id: eventId(hash) })).toBeNull()
  })
})

describe('a block', () => {
  const block: AuditBlock = { id: 'main.0', lane: 'main', first: 0, at: 5, events: [first, made(place)] }

  it('holds events of one moment, from its number on', () => {
    expect(blockProblem('main', block)).toBeNull()
  })

  it.each([
    [{ lane: 'other' }, 'The block belongs to another lane.'],
    [{ id: 'main.1' }, 'The block belongs to another lane.'],
    [{ id: 'main.1', first: 1 }, 'Event 1 is missing or out of place.'],
    [{ events: [] }, 'Event 0 is missing or out of place.'],
  ])('is refused with %j', (changes, problem) => {
    expect(blockProblem('main', { ...block, ...changes })).toBe(problem)
  })
})
