import { readdirSync, readFileSync } from 'node:fs'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import type { Area } from '../../operations/index.ts'
import { areas } from '../index.ts'
import { eventName } from './event-names.ts'

// Goal: the catalogue of events says what really happens. Method: the suite of every operation proves that its own event is left,
// and that no other event is unknown. Here is the rest: what areas say that jobs and tasks report.

/** The events of the contract (web3.md §15.3) for everything that is built. */
const ofTheContract = [
  ...[
    'wallet.transfer.sent',
    'deposit.received',
    'deposit.confirmed',
    'deposit.credited',
    'deposit_destination.created',
  ],
  ...['internal_transfer.completed', 'proposal.created', 'proposal.signed', 'proposal.executed'],
  ...['agent.transaction.broadcast', 'agent.transaction.signed', 'signing_key.rotated'],
  ...['policy.created', 'policy.updated', 'policy.deleted', 'approval.decided', 'pending_approval.created'],
  ...['platform.user.connected', 'platform.user.claimed', 'platform.user.disconnected', 'platform.claim.expired'],
  ...['platform.bootstrap.completed', 'platform.grant.created', 'platform.grant.revoked', 'share.created'],
]

describe('the catalogue of events', () => {
  it('has the events of the contract, so no subscription to one of them looks misspelt', async () => {
    await using world = await testPawl()
    const { event_types } = await world.owner.webhooks.eventTypes()
    const known = event_types.map(({ event }) => event)
    expect(ofTheContract.filter((event) => !known.includes(event))).toEqual([])
    const url = 'https://hooks.example.com/'
    expect((await world.owner.webhooks.create({ url, events: ofTheContract })).unknown_events).toEqual([])
  })

  it('says that an agent’s transaction was broadcast when it was, and not when the agent asked (web3.md §15.3)', () => {
    expect(eventName('transaction.broadcast')).toBe('agent.transaction.broadcast')
    expect(eventName('transaction.submit')).toBe('transaction.submitted')
  })

  it.each(areas.filter(({ reports = [] }: Area) => reports.length > 0).map(({ name }) => name))(
    'has only what the area %s stages somewhere, beside its operations',
    (name) => {
      const { reports = [] }: Area = areas.find((one) => one.name === name) ?? { name, operations: {} }
      const text = sources(new URL(`../${name}/`, import.meta.url))
      const isStaged = (action: string) => {
        const [subject = ''] = action.split('.')
        return text.includes(`'${action}'`) || text.includes(`\`${subject}.\${verb}\``)
      }
      expect(reports.filter((action) => !isStaged(action))).toEqual([])
    },
  )
})

/** What an area is written as, without its declaration and its tests. */
function sources(folder: URL): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && path !== 'index.ts')
    .map((path) => readFileSync(new URL(path, folder), 'utf8'))
    .join('\n')
}
