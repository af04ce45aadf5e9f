import * as z from 'zod'
import { fields, notAuthenticated, operation } from '../../operations/index.ts'
import { findRouterKey } from './router-keys.ts'

const keyBytesMax = 256

/** A router key is for Shroud alone: the API does not know it, and gets the agent that it stands for from here. */
export const identifyRouterKey = operation({
  name: 'shroud.identifyRouterKey',
  summary: 'Return the agent that a router key stands for.',
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ key: fields.secretText(keyBytesMax) }),
  output: z.object({ id: fields.id(), agent_id: fields.id() }),
  errors: [],
  run: (context, { key }) => {
    const found = findRouterKey(context, context.unit, key.reveal(), context.now)
    if (!found) throw notAuthenticated({ reason: 'The router key is unknown, expired or has been revoked.' })
    return { id: found.id, agent_id: found.agentId }
  },
})
