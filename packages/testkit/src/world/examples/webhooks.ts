import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const wanted = { url: 'https://hooks.example.com/pawl', events: ['policy.*', 'secret.written'] }

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

const webhook = async (world: World) => {
  const { id } = await world.owner.webhooks.create(wanted)
  return { who: asOwner(world), input: { webhook_id: id } }
}

export const webhookExamples: ExamplesOf<'webhooks'> = {
  create: async (world) => ({ who: asOwner(world), input: { ...wanted, description: 'Tells the chat' } }),
  list: async (world) => ({ who: asOwner(world), input: {} }),
  get: webhook,
  update: async (world) => {
    const { who, input } = await webhook(world)
    return { who, input: { ...input, events: ['*'], is_active: true } }
  },
  delete: webhook,
  rotateSecret: webhook,
  test: webhook,
  deliveries: webhook,
  replay: async (world) => {
    const { who, input } = await webhook(world)
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id, path: 'db/password', value: tagged('hunter2') })
    await world.pawl.runJobs()
    const [delivery] = (await world.owner.webhooks.deliveries(input)).deliveries
    return { who, input: { ...input, delivery_id: delivery?.id ?? '' } }
  },
  eventTypes: async (world) => ({ who: asOwner(world), input: {} }),
}
