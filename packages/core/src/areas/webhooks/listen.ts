import type { Engine, Heard } from '../../operations/index.ts'
import { eventName, matches } from './event-names.ts'
import { eventBody } from './message.ts'
import { deliveryId, enqueue } from './queue.ts'
import { type Webhook, webhookKind } from './records.ts'

/** Since when the oldest active webhook of the organisation wants events. Null: there is none, so nothing is read. */
export async function listensSince({ records }: Engine, org: string): Promise<number | null> {
  const webhooks = await records.reading(org).list(webhookKind, 'created')
  const times = webhooks.filter(({ isActive }) => isActive).map(({ activeSince }) => activeSince)
  return times.length === 0 ? null : Math.min(...times)
}

/** Queues an event for each webhook that wants it. Events of calls that were refused or failed are about nothing. */
export async function queueEvent(engine: Engine, heard: Heard): Promise<void> {
  if (heard.details.outcome !== undefined) return
  const event = eventName(heard.action)
  const isRead = (engine.areas.actions.get(heard.action) ?? 'write') !== 'write'
  await engine.records.transactIn(heard.org, (unit) => {
    const wanting = unit.list(webhookKind, 'created').filter((one) => wants(one, event, isRead, heard))
    const body = wanting.length > 0 ? eventBody(event, heard) : ''
    for (const webhook of wanting) {
      const id = deliveryId(engine, webhook.id, heard.id)
      enqueue(unit, engine.records.now(), webhook, { id, eventId: heard.id, event, body })
    }
  })
}

function wants({ isActive, activeSince, events, appId }: Webhook, event: string, isRead: boolean, heard: Heard) {
  if (!isActive || heard.at < activeSince) return false
  const isOfApp = appId === null || (heard.action.startsWith('platform.') && heard.details.app_id === appId)
  return isOfApp && matches(events, event, isRead)
}
