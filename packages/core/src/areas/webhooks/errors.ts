import { defineError } from '../../kernel/errors.ts'

export const webhookNotFound = defineError('webhook_not_found', 'not_found', 'The webhook does not exist.')

export const deliveryNotFound = defineError(
  'webhook_delivery_not_found',
  'not_found',
  'The delivery does not exist. The log keeps the last 1,000 deliveries of a webhook.',
)

export const webhooksFull = defineError<{ max: number }>(
  'webhooks_full',
  'conflict',
  ({ max }) => `The organisation has ${max} webhooks, which is the maximum. Delete one first.`,
)

export const queueFull = defineError(
  'webhook_queue_full',
  'conflict',
  'Too many deliveries of this webhook wait already. Try again when its endpoint has taken some.',
)
