import { expect, test } from 'vitest'
import { plainDirection } from '../../dashboard/pages/plain-direction.ts'
import { isRefused, kindOf, type ShownEvent, withoutBrowsing } from '../../dashboard/pages/shown-event.ts'

// Which events the dashboard hides, which it shows as refusals, and what of a text that an agent wrote.

const event = (action: string, ip_address = '1.1.1.1', more: Partial<ShownEvent> = {}): ShownEvent => ({
  ...{
    id: action,
    org_id: 'o',
    action,
    actor_type: 'user',
    actor_id: 'ada',
    resource_type: 'vault',
    resource_id: 'v',
    details: {},
  },
  ...{ created_at: '2026-01-01T00:00:00Z', ip_address, ...more },
})
const reads = new Set(['vault.list'])
/** The shown events of a trail that begins with the first. */
const shown = (...events: ShownEvent[]) =>
  withoutBrowsing(events.toReversed(), reads)
    .map(({ action, ip_address }) => `${action} ${ip_address}`)
    .toReversed()

test('reads of a person in a session are hidden, and reads with an API key, refusals and changes are not', () => {
  const list = (details: ShownEvent['details']) => event('vault.list', '1.1.1.1', { details })
  expect(shown(list({}), list({ api_key_id: 'k' }), list({ outcome: 'denied' }), event('vault.create'))).toEqual([
    ...['vault.list 1.1.1.1', 'vault.list 1.1.1.1', 'vault.create 1.1.1.1'],
  ])
})

test('a renewal of a session is hidden, unless its address differs from the one before', () => {
  const [home, away] = ['1.1.1.1', '6.6.6.6']
  const refresh = (address: string) => event('auth.refresh', address)
  expect(shown(event('auth.success', home), refresh(home), refresh(home))).toEqual(['auth.success 1.1.1.1'])
  // Reads from the new address do not make it known.
  expect(shown(event('auth.success', home), event('vault.list', away), refresh(away), refresh(away))).toEqual([
    ...['auth.success 1.1.1.1', 'auth.refresh 6.6.6.6'],
  ])
  const other = event('auth.success', away, { actor_id: 'bo' })
  expect(shown(event('auth.success', home), other, refresh(away))).toContain('auth.refresh 6.6.6.6')
})

test.each(['already_exists', 'repeated', 'unknown'])('the outcome %s is no refusal', (outcome) => {
  const one = event('policy.create', '1.1.1.1', { details: { outcome } })
  expect([isRefused(one), kindOf(one)]).toEqual([false, 'other'])
})

test('the outcome of a refused call is a refusal', () => {
  const one = event('policy.create', '1.1.1.1', { details: { outcome: 'denied' } })
  expect([isRefused(one), kindOf(one)]).toEqual([true, 'refusal'])
})

test('what an agent wrote cannot change the direction of the text that a person approves', () => {
  const overrides = '\u061c\u200e\u200f\u202a\u202e\u2066\u2069'
  const summary = { memo: `1${overrides}2`, [`a${overrides}`]: ['\u202eb', 3, null] }
  expect(plainDirection(summary)).toEqual({ memo: '1·······2', a·······: ['·b', 3, null] })
})
