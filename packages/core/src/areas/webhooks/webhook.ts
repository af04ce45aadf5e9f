import { base64 } from '../../kernel/bytes.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Services, UnitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { dropDeliveriesJob } from './drop.ts'
import { webhookNotFound } from './errors.ts'
import { newQueue, queueOf, type SigningSecret, type Webhook, webhookKind, webhookQueueKind } from './records.ts'

/** A new secret, as Standard Webhooks writes them. */
export function newSecret({ random }: Pick<Services, 'random'>): Secret<string> {
  return Secret.of(`whsec_${base64(random.bytes(32))}`)
}

type Wanted = Pick<Webhook, 'url' | 'events' | 'description' | 'appId' | 'createdBy'> & {
  readonly secret: Secret<string>
}

/** Stages a new webhook. It gets the events from now on. */
export function newWebhook({ unit, now, newId }: UnitContext, { secret, ...wanted }: Wanted): Webhook {
  const webhook: Webhook = {
    ...{ id: newId(), ...wanted, isActive: true, activeSince: now, disabledReason: null },
    ...{ secrets: [{ secret: secret.reveal(), until: null }], createdAt: now, updatedAt: now },
  }
  unit.put(webhookKind, webhook)
  unit.put(webhookQueueKind, newQueue(webhook.id, unit.org ?? ''))
  return webhook
}

/** A webhook of the organisation. Those of apps change with their app. */
export function ownWebhook(unit: Unit, id: string): Webhook {
  const webhook = unit.require(webhookKind, id, webhookNotFound)
  if (webhook.appId !== null) throw webhookNotFound()
  return webhook
}

/** The webhook with another state. Deliveries that waited while it was disabled are sent when it is active again. */
export function activated({ unit, now }: UnitContext, webhook: Webhook, isActive: boolean): Webhook {
  if (webhook.isActive === isActive) return webhook
  if (!isActive) return { ...webhook, isActive }
  const queue = queueOf(unit, webhook.id)
  const dueAt = queue.current < queue.next ? now : null
  unit.put(webhookQueueKind, { ...queue, dueAt, claim: null, failingSince: null })
  return { ...webhook, isActive, activeSince: now, disabledReason: null }
}

/** The new secret signs at once. The former ones sign beside it until the overlap ends. */
export function withSecret({ secrets }: Webhook, secret: Secret<string>, now: number, overlapMs: number) {
  const end = now + overlapMs
  const former = secrets.map(({ secret: old, until }) => ({ secret: old, until: Math.min(until ?? end, end) }))
  const kept = former.filter(({ until }) => until > now).slice(0, secretsMax - 1)
  return [{ secret: secret.reveal(), until: null }, ...kept] satisfies SigningSecret[]
}

const secretsMax = 4

/** Stages the end of a webhook. Its deliveries go in a job. */
export function removeWebhook({ unit, jobs }: Pick<UnitContext, 'unit' | 'jobs'>, webhook: Webhook): void {
  unit.delete(webhookKind, webhook)
  const queue = unit.get(webhookQueueKind, webhook.id)
  if (queue) unit.delete(webhookQueueKind, queue)
  jobs.stage(unit, dropDeliveriesJob, { org: unit.org ?? '', id: webhook.id })
}
