// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'

/** Events of your organisation, sent to your services. */
export interface WebhooksClient {
  /**
   * Send events of your organisation to a URL. The answer has the signing secret, which is not shown again.
   *
   * @throws `webhooks_full`
   *
   * @example
   * const { secret } = await client.webhooks.create({
   *   url: 'https://hooks.example.com/pawl',
   *   events: ['policy.*', 'secret.written'],
   *   description: 'Tells the chat',
   * })
   * secret.reveal()
   */
  create(input: CreateWebhookInput, options?: CallOptions): Promise<WebhookCreatedResponse>

  /** List the webhooks of your organisation. */
  readonly list: {
    (input?: ListWebhooksInput, options?: CallOptions): Promise<WebhookListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListWebhooksInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Read a webhook, without its secret.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   *
   * @example
   * await client.webhooks.get({ webhook_id })
   */
  get(input: GetWebhookInput, options?: CallOptions): Promise<WebhookResponse>

  /**
   * Change a webhook. Deliveries that wait go to the new URL.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   *
   * @example
   * await client.webhooks.update({ webhook_id, events: ['*'], is_active: true })
   */
  update(input: UpdateWebhookInput, options?: CallOptions): Promise<WebhookResponse>

  /**
   * Delete a webhook. Deliveries that wait are not sent.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   *
   * @example
   * await client.webhooks.delete({ webhook_id })
   */
  delete(input: DeleteWebhookInput, options?: CallOptions): Promise<void>

  /**
   * Replace the signing secret of a webhook. The former one signs beside it until the overlap ends.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   *
   * @example
   * const { secret } = await client.webhooks.rotateSecret({ webhook_id })
   * secret.reveal()
   */
  rotateSecret(input: RotateWebhookSecretInput, options?: CallOptions): Promise<WebhookSecretRotated>

  /**
   * Send the event webhook.ping to a webhook now, once, and tell what it answered.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.webhooks.test({ webhook_id })
   */
  test(input: TestWebhookInput, options?: CallOptions): Promise<WebhookTested>

  /**
   * List the deliveries of a webhook, the newest first. The last 1,000 are kept.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   *
   * @example
   * await client.webhooks.deliveries({ webhook_id })
   */
  deliveries(input: ListWebhookDeliveriesInput, options?: CallOptions): Promise<ListWebhookDeliveriesOutput>

  /**
   * Deliver an event again. It has the same event ID and body, and goes to the end of the queue.
   *
   * @throws `webhook_not_found`: The webhook does not exist.
   * @throws `webhook_delivery_not_found`: The delivery does not exist. The log keeps the last 1,000 deliveries of a
   * webhook.
   * @throws `webhook_queue_full`: Too many deliveries of this webhook wait already. Try again when its endpoint has
   * taken some.
   *
   * @example
   * await client.webhooks.replay({ webhook_id, delivery_id })
   */
  replay(input: ReplayWebhookDeliveryInput, options?: CallOptions): Promise<WebhookDelivery>

  /** List the events that this server reports, with the audit action of each. */
  readonly eventTypes: {
    (input?: ListWebhookEventTypesInput, options?: CallOptions): Promise<ListWebhookEventTypesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListWebhookEventTypesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<WebhookEventType, void, undefined>
  }
}

/** Input of `webhooks.create`. */
export interface CreateWebhookInput {
  /** HTTPS URL that gets the events. Its host must be public, or one that the operator allows. */
  readonly url: string
  /**
   * Names of events, such as policy.created. policy.* stands for all events of policies, * for all. At most 100
   * entries.
   */
  readonly events: readonly string[]
  /** Note for the people of your organisation. At most 1024 characters. */
  readonly description?: string | null | undefined
  /** Signing secret. Default: a new one, whsec_ with 32 random bytes in base64. At most 256 characters. */
  readonly secret?: string | Secret<string> | null | undefined
}

export interface WebhookCreatedResponse {
  /** UUID. */
  readonly id: string
  readonly url: string
  readonly events: string[]
  readonly is_active: boolean
  readonly description?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
  readonly secret_configured: true
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly app_id?: string | undefined
  readonly disabled_reason?: string | undefined
  /** Entries of events that name nothing that this server reports now. They may be misspelt. */
  readonly unknown_events: string[]
  readonly secret: Secret<string>
}

/** Input of `webhooks.list`. */
export interface ListWebhooksInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface WebhookListResponse {
  readonly webhooks: WebhookResponse[]
  readonly next_cursor?: string | undefined
}

export interface WebhookResponse {
  /** UUID. */
  readonly id: string
  readonly url: string
  readonly events: string[]
  readonly is_active: boolean
  readonly description?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
  readonly secret_configured: true
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly app_id?: string | undefined
  readonly disabled_reason?: string | undefined
  /** Entries of events that name nothing that this server reports now. They may be misspelt. */
  readonly unknown_events: string[]
}

/** Input of `webhooks.get`. */
export interface GetWebhookInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
}

/** Input of `webhooks.update`. */
export interface UpdateWebhookInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
  /** HTTPS URL that gets the events. */
  readonly url?: string | null | undefined
  /** Names of events, or patterns such as policy.* or *. At most 100 entries. */
  readonly events?: readonly string[] | null | undefined
  /** Note for the people of your organisation. At most 1024 characters. */
  readonly description?: string | null | undefined
  /** false: no events are sent, and new ones do not wait. true also resets what disabled the webhook. */
  readonly is_active?: boolean | null | undefined
}

/** Input of `webhooks.delete`. */
export interface DeleteWebhookInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
}

/** Input of `webhooks.rotateSecret`. */
export interface RotateWebhookSecretInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
  /** The new secret. Default: a random one. At most 256 characters. */
  readonly secret?: string | Secret<string> | null | undefined
  /** How long webhook-signature also has a signature with the former secret. Default: 86400. From 0 to 604800. */
  readonly overlap_seconds?: number | null | undefined
}

export interface WebhookSecretRotated {
  readonly secret: Secret<string>
  /** RFC 3339 time. */
  readonly former_valid_until: string
}

/** Input of `webhooks.test`. */
export interface TestWebhookInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
}

export interface WebhookTested {
  readonly delivered: boolean
  readonly http_status: number | null
  readonly error: string | null
  readonly duration_ms: number
}

/** Input of `webhooks.deliveries`. */
export interface ListWebhookDeliveriesInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
  /** Maximum number of entries. Default: 50. From 1 to 200. */
  readonly limit?: number | null | undefined
  /** Only deliveries older than the one with this ID. UUID. */
  readonly before?: string | null | undefined
}

/** Output of `webhooks.deliveries`. */
export interface ListWebhookDeliveriesOutput {
  readonly deliveries: WebhookDelivery[]
}

export interface WebhookDelivery {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly webhook_id: string
  readonly event: string
  readonly event_id: string
  readonly status: 'pending' | 'delivered' | 'failed'
  readonly attempts: number
  readonly http_status: number | null
  readonly error: string | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly attempted_at: string | null
}

/** Input of `webhooks.replay`. */
export interface ReplayWebhookDeliveryInput {
  /** ID of the webhook. UUID. */
  readonly webhook_id: string
  /** ID of the delivery to repeat. UUID. */
  readonly delivery_id: string
}

/** Input of `webhooks.eventTypes`. */
export interface ListWebhookEventTypesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `webhooks.eventTypes`. */
export interface ListWebhookEventTypesOutput {
  readonly event_types: WebhookEventType[]
  readonly next_cursor?: string | undefined
}

export interface WebhookEventType {
  readonly event: string
  readonly audit_action: string
  /** Only the exact name subscribes to it, and no pattern. */
  readonly is_read: boolean
  /** True for a read that shows the value of a secret, the text of a flagged request or the signed audit trail. */
  readonly shows_secret: boolean
}
