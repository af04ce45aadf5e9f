import { frame, utf8 } from '../../kernel/bytes.ts'
import { uuid } from '../../kernel/ids.ts'
import { auditEvent, type Services } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Delivery, deliveryKind, queueOf, type Webhook, type WebhookQueue, webhookQueueKind } from './records.ts'

const waitingMax = 1_000
const keptMax = 1_000
/** Deliveries that leave the log when one enters: more than one, so that a log that is too long becomes shorter. */
const prunedAtOnce = 2

export interface Message {
  /** Of the delivery. */
  readonly id: string
  readonly eventId: string
  readonly event: string
  readonly body: string
}

/** The delivery of an event to a webhook has one ID, so an event that is heard twice is delivered once. */
export function deliveryId({ crypto }: Pick<Services, 'crypto'>, webhookId: string, eventId: string): string {
  const hash = crypto.sha256(frame(utf8('pawl/1/webhook delivery'), utf8(webhookId), utf8(eventId)))
  return uuid({ bytes: (count) => hash.slice(0, count) })
}

/** Puts a delivery at the end of the queue. Returns null if it is there already, or the queue is full. */
export function enqueue(unit: Unit, now: number, { id: webhookId }: Webhook, message: Message): Delivery | null {
  if (unit.get(deliveryKind, message.id)) return null
  const queue = queueOf(unit, webhookId)
  if (queue.next - queue.current >= waitingMax) {
    drop(unit, queue)
    return null
  }
  const delivery: Delivery = {
    ...{ ...message, webhookId, number: queue.next, status: 'pending', attempts: 0, httpStatus: null, error: null },
    ...{ createdAt: now, attemptedAt: null },
  }
  unit.put(deliveryKind, delivery)
  const first = prune(unit, queue)
  unit.put(webhookQueueKind, { ...queue, first, next: queue.next + 1, dueAt: queue.dueAt ?? now })
  return delivery
}

/** The first event that does not fit leaves an event in the trail. The number is in the queue. */
function drop(unit: Unit, queue: WebhookQueue): void {
  unit.put(webhookQueueKind, { ...queue, dropped: queue.dropped + 1 })
  if (queue.dropped > 0) return
  unit.audit(auditEvent(system, { action: 'webhook.overflow', resource: { type: 'webhook', id: queue.id } }))
}

export const system = { type: 'system', id: '', ip: null } as const

/** Removes the oldest deliveries that do not wait, where the log is full. Returns the number of the first that is left. */
function prune(unit: Unit, { id, first, current, next }: WebhookQueue): number {
  const end = Math.min(current, Math.max(first, Math.min(first + prunedAtOnce, next + 1 - keptMax)))
  for (let number = first; number < end; number++) {
    const old = unit.find(deliveryKind, 'place', id, number)
    if (old) unit.delete(deliveryKind, old)
  }
  return end
}
