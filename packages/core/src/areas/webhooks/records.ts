import { kind, type Unit } from '../../records/index.ts'

/** A subscription: which events go to which URL. */
export interface Webhook {
  readonly id: string
  readonly url: string
  /** Names of events, with `*` for one or more whole parts: `policy.*`, `*`. */
  readonly events: readonly string[]
  readonly description: string | null
  readonly isActive: boolean
  /** Earlier events are not delivered. */
  readonly activeSince: number
  /** Why Pawl disabled the webhook. Null: a person did, or it is active. */
  readonly disabledReason: string | null
  /** The newest first. An older one signs too, until its time is over. */
  readonly secrets: readonly SigningSecret[]
  /** The platform app that the webhook belongs to. It gets only the events about this app. */
  readonly appId: string | null
  readonly createdBy: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

export interface SigningSecret {
  readonly secret: string
  /** Null: until it is rotated. */
  readonly until: number | null
}

export const webhookKind = kind<Webhook>('webhook', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    app: { unique: true, key: ({ appId }) => (appId === null ? null : [appId]) },
  },
  history: ['createdBy'],
})

/**
 * The place of a webhook in its deliveries. They are numbered: from `first` on they are stored, and from `current` on they
 * wait. Another record than the webhook, so that deliveries do not hold up the people who change it.
 */
export interface WebhookQueue {
  /** Of the webhook. */
  readonly id: string
  readonly org: string
  readonly first: number
  readonly current: number
  readonly next: number
  /** When the current delivery may be sent. While an engine sends it, when another may. Null: nothing waits. */
  readonly dueAt: number | null
  /** Changes with each claim, so that only the engine that claimed last settles. */
  readonly claim: string | null
  /** Since when no attempt succeeded. Null: the last one did. */
  readonly failingSince: number | null
  /** Events that did not fit into the queue, since an attempt succeeded. */
  readonly dropped: number
}

export const webhookQueueKind = kind<WebhookQueue>('webhookQueue', {
  scope: 'global',
  idOf: 'webhook',
  indexes: {
    org: { key: ({ org }) => [org] },
    due: { key: ({ dueAt }) => (dueAt === null ? null : [dueAt]) },
  },
})

/** One event on its way to one webhook. */
export interface Delivery {
  readonly id: string
  readonly webhookId: string
  readonly number: number
  readonly eventId: string
  readonly event: string
  /** The exact text that is signed and sent. */
  readonly body: string
  readonly status: 'pending' | 'delivered' | 'failed'
  readonly attempts: number
  readonly httpStatus: number | null
  readonly error: string | null
  readonly createdAt: number
  /** Time of the last attempt. */
  readonly attemptedAt: number | null
}

export const deliveryKind = kind<Delivery>('webhookDelivery', {
  indexes: { place: { unique: true, key: ({ webhookId, number }) => [webhookId, number] } },
  // The text tells of the event as it was.
  history: ['eventId', 'body'],
})

export function newQueue(id: string, org: string): WebhookQueue {
  return {
    ...{ id, org, first: 0, current: 0, next: 0, dueAt: null, claim: null },
    ...{ failingSince: null, dropped: 0 },
  }
}

/** The queue of a webhook of this unit's organisation. */
export function queueOf(unit: Unit, id: string): WebhookQueue {
  return unit.get(webhookQueueKind, id) ?? newQueue(id, unit.org ?? '')
}
