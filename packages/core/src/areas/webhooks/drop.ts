import type { JobType } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { deliveryKind } from './records.ts'

interface Dropping {
  readonly [field: string]: string
  readonly org: string
  /** Of the webhook. */
  readonly id: string
}

/** Deletes the deliveries of a deleted webhook. */
export const dropDeliveriesJob: JobType<Dropping> = {
  name: 'webhooks.dropDeliveries',
  run: ({ records }, { org, id }) => dropAll(records, org, deliveryKind, 'place', id),
}
