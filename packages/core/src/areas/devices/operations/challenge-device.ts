import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { deviceNotFound } from '../errors.ts'
import { ownDevice } from '../own-device.ts'
import { boundHash, newDeviceChallenge, stepUpLifeMs } from '../step-up.ts'

const actionCharactersMax = 64
const targetCharactersMax = 255

export const challengeDevice = operation({
  name: 'devices.challenge',
  summary: 'Get a challenge for one action, which one of your devices signs.',
  http: {
    method: 'POST',
    path: '/v1/auth/devices/{device_id}/challenge',
    status: 200,
    id: 'createDeviceChallenge',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'device.challenge',
    resource: 'device',
    about: ({ device_id, action, target_id }) => ({ id: device_id, action, target_id }),
  },
  input: z.object({
    device_id: fields.id(),
    action: fields
      .text(actionCharactersMax, 1)
      .describe('Action that the challenge is for, such as approve_transaction.'),
    target_id: fields.text(targetCharactersMax, 1).describe('ID of what the action concerns.'),
  }),
  output: z.object({
    challenge_nonce: z.string(),
    expires_at: fields.shownTime(),
    action_bound_hash: z
      .string()
      .meta({ description: 'SHA-256 of the JSON array of action, target and nonce, in hex.' }),
  }),
  errors: [deviceNotFound],
  run: (context, { device_id, action, target_id: targetId }) => {
    const wanted = { action, targetId }
    const nonce = newDeviceChallenge(context, ownDevice(context, device_id), wanted)
    return {
      challenge_nonce: nonce,
      expires_at: rfc3339(context.now + stepUpLifeMs),
      action_bound_hash: boundHash(context, nonce, wanted),
    }
  },
})
