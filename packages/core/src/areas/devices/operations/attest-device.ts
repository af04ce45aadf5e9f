import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { deviceNotFound } from '../errors.ts'
import { ownDevice } from '../own-device.ts'
import { isSignedBy } from '../public-key.ts'
import { deviceKind } from '../records.ts'
import { newStepUpToken, stepUpLifeMs, takeDeviceChallenge } from '../step-up.ts'

const nonceCharactersMax = 4_096
const signatureCharactersMax = 512

export const attestDevice = operation({
  name: 'devices.attest',
  summary: 'Confirm one action with what a device signed. The answer is a token for this action.',
  http: {
    method: 'POST',
    path: '/v1/auth/devices/{device_id}/attest',
    status: 200,
    id: 'attestDeviceChallenge',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'device.attest', resource: 'device', about: ({ device_id }) => ({ id: device_id }) },
  input: z.object({
    device_id: fields.id(),
    challenge_nonce: fields.text(nonceCharactersMax, 1).describe('The challenge, as it was given.'),
    signature: fields
      .text(signatureCharactersMax, 1)
      .describe('Signature of the text of the challenge, in base64. Of P-256: with SHA-256, in DER.'),
  }),
  output: z.object({ step_up_token: fields.shownSecret(), expires_at: fields.shownTime() }),
  reveals: ['step_up_token'],
  errors: [deviceNotFound],
  run: (context, { device_id, challenge_nonce, signature }) => {
    const { unit, now } = context
    const device = ownDevice(context, device_id)
    if (!isSignedBy(device.publicKeyPem, challenge_nonce, signature)) {
      throw invalidField('signature', 'is not of this challenge by this device')
    }
    const action = takeDeviceChallenge(context, device, challenge_nonce)
    if (!action) throw invalidField('challenge_nonce', 'is unknown, expired or used')
    unit.put(deviceKind, { ...device, lastUsedAt: now })
    return { step_up_token: newStepUpToken(context, device, action), expires_at: rfc3339(now + stepUpLifeMs) }
  },
})
