import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields, type Services, urlCharactersMax } from '../../operations/index.ts'
import { eventName, eventPattern } from './event-names.ts'
import type { Delivery, Webhook } from './records.ts'

const patternsMax = 100

export const webhookFields = {
  url: fields
    .text(urlCharactersMax, 1)
    .meta({ format: 'uri' })
    .describe('HTTPS URL that gets the events. Its host must be public, or one that the operator allows.'),
  events: z
    .array(
      z.string('must be a string').max(128, 'must have at most 128 characters').regex(eventPattern, wrongPattern()),
      'must be a list',
    )
    .min(1, 'must name at least one event')
    .max(patternsMax, `must have at most ${patternsMax} entries`)
    .transform((given) => [...new Set(given)])
    .pipe(z.array(z.string()))
    .describe('Names of events, such as policy.created. policy.* stands for all events of policies, * for all.'),
  description: fields.optional(fields.plainText(1_024)).describe('Note for the people of your organisation.'),
}

function wrongPattern(): string {
  return 'must be the name of an event, such as policy.created, or a pattern, such as policy.* or *'
}

/** A secret that the caller brings. Printable, because receivers paste it into their configuration. */
export function signingSecretField() {
  return fields
    .secretText(256)
    .refine((secret) => /^[!-~]{8,}$/.test(secret.reveal()), 'must have at least 8 characters, all printable ASCII')
}

export const webhookRef = { webhook_id: fields.id().describe('ID of the webhook.') }

const shown = {
  id: fields.id(),
  url: z.string().meta({ format: 'uri' }),
  events: z.array(z.string()),
  is_active: z.boolean(),
  description: z.string().optional(),
  created_at: fields.shownTime(),
  updated_at: fields.shownTime(),
  secret_configured: z.literal(true),
  org_id: fields.id(),
  app_id: fields.id().optional(),
  disabled_reason: z.string().optional(),
  unknown_events: z
    .array(z.string())
    .describe('Entries of events that name nothing that this server reports now. They may be misspelt.'),
}

export const WebhookBody = z.object(shown).meta({ id: 'WebhookResponse' })

/** The only answer that has the secret. */
export const WebhookCreatedBody = z
  .object({ ...shown, secret: fields.shownSecret() })
  .meta({ id: 'WebhookCreatedResponse' })

export function webhookBody({ areas }: Pick<Services, 'areas'>, org: string, webhook: Webhook) {
  const { id, url, events, isActive, description, appId, disabledReason, createdAt, updatedAt } = webhook
  return {
    ...{ id, url, events: [...events], is_active: isActive, description: description ?? undefined },
    ...{
      created_at: rfc3339(createdAt),
      updated_at: rfc3339(updatedAt),
      secret_configured: true as const,
      org_id: org,
    },
    ...{ app_id: appId ?? undefined, disabled_reason: disabledReason ?? undefined },
    unknown_events: unknownEvents(areas, events),
  }
}

function unknownEvents({ actions }: Services['areas'], events: readonly string[]): string[] {
  const known = new Set([...actions.keys()].map(eventName))
  const prefixes = new Set([...known].map((name) => name.split('.')[0]))
  return events.filter((one) => (one.includes('*') ? !isKnown(prefixes, one) : !known.has(one)))
}

function isKnown(prefixes: ReadonlySet<string | undefined>, pattern: string): boolean {
  const [first] = pattern.split('.')
  return first === '*' || prefixes.has(first)
}

export const DeliveryBody = z
  .object({
    id: fields.id(),
    webhook_id: fields.id(),
    event: z.string(),
    event_id: z.string(),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: fields.count(),
    http_status: z.int().nullable(),
    error: z.string().nullable(),
    created_at: fields.shownTime(),
    attempted_at: fields.shownTime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' })

export type DeliveryBody = z.infer<typeof DeliveryBody>

export function deliveryBody({ id, webhookId, event, eventId, status, attempts, ...rest }: Delivery): DeliveryBody {
  const { httpStatus, error, createdAt, attemptedAt } = rest
  return {
    ...{ id, webhook_id: webhookId, event, event_id: eventId, status, attempts, http_status: httpStatus, error },
    ...{ created_at: rfc3339(createdAt), attempted_at: attemptedAt === null ? null : rfc3339(attemptedAt) },
  }
}
