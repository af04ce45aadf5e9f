import { area } from '../../operations/index.ts'
import { deliverTask } from './deliver.ts'
import { dropDeliveriesJob } from './drop.ts'
import { listensSince, queueEvent } from './listen.ts'
import { webhookOperations } from './operations/index.ts'
import { deliveryKind, webhookKind, webhookQueueKind } from './records.ts'

export { appWebhook, rotateAppWebhookSecret, setAppWebhook } from './app.ts'

export const webhooks = area({
  name: 'webhooks',
  summary: 'Events of your organisation, sent to your services.',
  operations: webhookOperations,
  reports: ['webhook.disable', 'webhook.overflow'],
  kinds: [webhookKind, webhookQueueKind, deliveryKind],
  jobs: [dropDeliveriesJob],
  scheduledTasks: [deliverTask],
  listensTo: { '*': queueEvent },
  listensSince,
})
