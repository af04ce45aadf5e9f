import * as z from 'zod'
import { confirmField, confirmHeader, fields, operation, signedIn } from '../../../operations/index.ts'
import { needsProofToEnrol } from '../../auth/index.ts'
import { devicesFull } from '../errors.ts'
import { parsePublicKey } from '../public-key.ts'
import { deviceKind, devicesMax, devicesOf } from '../records.ts'

const pemCharactersMax = 1_024
const attestationCharactersMax = 32_768

export const registerDevice = operation({
  name: 'devices.register',
  summary: 'Register a phone. Its key confirms single actions of yours.',
  http: {
    method: 'POST',
    path: '/v1/auth/devices',
    status: 201,
    id: 'registerDevice',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'security.device.register', when: needsProofToEnrol },
  audit: {
    action: 'device.register',
    resource: 'device',
    about: ({ name, platform }, device) => ({ id: device?.device_id, name, platform }),
  },
  input: z.object({
    name: fields.name().describe('Name of the device.'),
    platform: z.enum(['ios', 'android'], 'must be ios or android'),
    public_key_pem: fields
      .text(pemCharactersMax, 1)
      .refine((pem) => parsePublicKey(pem) !== null, 'must be a P-256 or Ed25519 key as -----BEGIN PUBLIC KEY-----')
      .describe('Public key of the device in PEM: P-256 or Ed25519.'),
    attestation_blob: fields
      .optional(fields.text(attestationCharactersMax))
      .describe('Not read. The vault does not call the maker of the device.'),
    auth_confirm: confirmField(),
  }),
  output: z.object({ device_id: fields.id(), attestation_verified: z.boolean() }),
  errors: [devicesFull],
  run: (context, { name, platform, public_key_pem: publicKeyPem }) => {
    const { unit, now, newId } = context
    const { id: user } = signedIn(context)
    if (devicesOf(unit, user).length >= devicesMax) throw devicesFull()
    const device = { id: newId(), user, name, platform, publicKeyPem, push: null, createdAt: now, lastUsedAt: null }
    unit.put(deviceKind, device)
    return { device_id: device.id, attestation_verified: false }
  },
})
