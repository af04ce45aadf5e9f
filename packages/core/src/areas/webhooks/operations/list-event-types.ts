import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { eventName } from '../event-names.ts'

export const listEventTypes = operation({
  name: 'webhooks.eventTypes',
  summary: 'List the events that this server reports, with the audit action of each.',
  http: {
    method: 'GET',
    path: '/v1/webhooks/event-types',
    status: 200,
    id: 'listWebhookEventTypes',
    tag: 'Webhooks',
  },
  command: { name: 'webhook events', columns: ['event', 'audit_action', 'is_read'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({}),
  output: z.object({
    event_types: z.array(
      z
        .object({
          event: z.string(),
          audit_action: z.string(),
          is_read: z.boolean().describe('Only the exact name subscribes to it, and no pattern.'),
          shows_secret: z
            .boolean()
            .describe(
              'True for a read that shows the value of a secret, the text of a flagged request or the signed audit trail.',
            ),
        })
        .meta({ id: 'WebhookEventType' }),
    ),
  }),
  errors: [],
  run: ({ areas }) => {
    const types = [...areas.actions].map(([action, effect]) => ({
      event: eventName(action),
      audit_action: action,
      is_read: effect !== 'write',
      shows_secret: effect === 'reveal',
    }))
    return { event_types: types.sort((one, other) => (one.event < other.event ? -1 : 1)) }
  },
})
