import { day, minute, second } from '../../kernel/time.ts'
import { auditEvent, type Engine, type ScheduledTask } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { system } from './queue.ts'
import {
  type Delivery,
  deliveryKind,
  type Webhook,
  type WebhookQueue,
  webhookKind,
  webhookQueueKind,
} from './records.ts'
import { type Attempt, attempt } from './send.ts'

const attemptsMax = 5
/** Before the second attempt. Each further one waits five times as long: 5, 25, 125 and 625 seconds. */
const firstWaitMs = 5 * second
const leaseMs = minute
const sendingMax = 8
const disabledAfterMs = 5 * day

interface Claimed {
  readonly org: string
  readonly claim: string
  readonly webhook: Webhook
  readonly delivery: Delivery
}

/**
 * Sends the due events. Each webhook has one delivery at a time, over all engines. A slow webhook does not delay other webhooks:
 * while the task waits for it, the task looks for other due webhooks.
 */
export const deliverTask: ScheduledTask = {
  name: 'webhooks.deliver',
  everyMs: 0,
  run: async (engine) => {
    const sending = new Map<string, Promise<void>>()
    for (;;) {
      for (const { id, org } of await dueQueues(engine, sendingMax + sending.size)) {
        if (sending.has(id) || sending.size >= sendingMax) continue
        const one = deliverNext(engine, id, org).finally(() => sending.delete(id))
        sending.set(id, one)
      }
      if (sending.size === 0) return
      await firstOf([...sending.values()], second)
    }
  },
}

/** Waits for one of them, and no longer than this. */
async function firstOf(sending: readonly Promise<void>[], ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([...sending, tooLong])
  clearTimeout(timer)
}

function dueQueues({ records }: Engine, limit: number): Promise<readonly WebhookQueue[]> {
  return records.reading().page(webhookQueueKind, 'due', { to: [records.now() + 1], limit })
}

/** Makes the next attempt of one webhook. An error of the engine leaves it to the end of the lease. */
async function deliverNext(engine: Engine, id: string, org: string): Promise<void> {
  try {
    const claimed = await claim(engine, id, org)
    if (!claimed) return
    const { eventId, event, body } = claimed.delivery
    const message = { id: eventId, deliveryId: claimed.delivery.id, event, body }
    await settle(engine, claimed, await attempt(engine, claimed.webhook, message))
  } catch (error) {
    engine.log('error', 'a webhook could not be delivered', { webhook: id, error })
  }
}

/** Takes the current delivery for this engine. Null: another engine has it, or nothing waits. */
function claim({ records, newId }: Engine, id: string, org: string): Promise<Claimed | null> {
  const claim = newId()
  return records.transactIn(org, (unit) => {
    const now = records.now()
    const queue = unit.get(webhookQueueKind, id)
    if (!queue || queue.dueAt === null || queue.dueAt > now) return null
    const webhook = unit.get(webhookKind, id)
    const delivery = unit.find(deliveryKind, 'place', id, queue.current)
    if (!webhook?.isActive || !delivery) {
      unit.put(webhookQueueKind, { ...queue, dueAt: null, claim: null })
      return null
    }
    unit.put(webhookQueueKind, { ...queue, dueAt: now + leaseMs, claim })
    return { org, claim, webhook, delivery }
  })
}

/** Stores the result of an attempt, unless another engine has claimed the delivery meanwhile. */
function settle({ records }: Engine, { org, claim, webhook, delivery }: Claimed, attempted: Attempt): Promise<void> {
  return records.transactIn(org, (unit) => {
    const now = records.now()
    const queue = unit.get(webhookQueueKind, webhook.id)
    const current = unit.get(deliveryKind, delivery.id)
    if (!queue || !current || queue.claim !== claim) return
    const settled = afterAttempt(current, attempted, now)
    unit.put(deliveryKind, settled)
    const after = queueAfter(queue, settled, now)
    unit.put(webhookQueueKind, after)
    if (after.failingSince !== null && now - after.failingSince >= disabledAfterMs) disable(unit, webhook.id, now)
  })
}

function afterAttempt(delivery: Delivery, { isDelivered, httpStatus, error }: Attempt, now: number): Delivery {
  const attempts = delivery.attempts + 1
  const status = isDelivered ? 'delivered' : attempts < attemptsMax ? 'pending' : 'failed'
  return { ...delivery, attempts, status, httpStatus, error, attemptedAt: now }
}

function queueAfter(queue: WebhookQueue, { status, attempts }: Delivery, now: number): WebhookQueue {
  const isDone = status !== 'pending'
  const current = queue.current + (isDone ? 1 : 0)
  const dueAt = isDone ? now : now + firstWaitMs * 5 ** (attempts - 1)
  return {
    ...queue,
    ...{ current, claim: null, dueAt: current < queue.next ? dueAt : null },
    failingSince: status === 'delivered' ? null : (queue.failingSince ?? now),
    dropped: status === 'delivered' ? 0 : queue.dropped,
  }
}

/** Waiting deliveries stay. The engine sends them when a person enables the webhook again. */
function disable(unit: Unit, id: string, now: number): void {
  const webhook = unit.get(webhookKind, id)
  if (!webhook?.isActive) return
  const disabledReason = 'No attempt succeeded for 5 days.'
  unit.put(webhookKind, { ...webhook, isActive: false, disabledReason, updatedAt: now })
  const resource = { type: 'webhook', id }
  unit.audit(auditEvent(system, { action: 'webhook.disable', resource, details: { reason: disabledReason } }))
}
