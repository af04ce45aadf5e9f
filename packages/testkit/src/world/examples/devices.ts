import { tagged } from '../../canary/index.ts'
import { fakeDevice } from '../../fakes/device.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

const withDevice = async ({ owner }: World) => {
  const phone = fakeDevice('example')
  const public_key_pem = phone.publicKeyPem
  const { device_id } = await owner.devices.register({ name: 'phone', platform: 'ios', public_key_pem })
  return { phone, device_id }
}

const action = { action: 'approve_transaction', target_id: '681c5490-8c85-4d01-8c35-ae18b9b4ac16' }

export const deviceExamples: ExamplesOf<'devices'> = {
  register: async (world) => ({
    who: asOwner(world),
    input: { name: 'phone', platform: 'ios', public_key_pem: fakeDevice('example').publicKeyPem },
  }),
  list: async (world) => {
    await withDevice(world)
    return { who: asOwner(world), input: {} }
  },
  revoke: async (world) => {
    const { device_id } = await withDevice(world)
    return { who: asOwner(world), input: { device_id } }
  },
  challenge: async (world) => {
    const { device_id } = await withDevice(world)
    return { who: asOwner(world), input: { device_id, ...action } }
  },
  attest: async (world) => {
    const { device_id, phone } = await withDevice(world)
    const { challenge_nonce } = await world.owner.devices.challenge({ device_id, ...action })
    return {
      who: asOwner(world),
      input: { device_id, challenge_nonce, signature: phone.sign(challenge_nonce) },
      isShortLived: true,
    }
  },
  setPushToken: async (world) => {
    const { device_id } = await withDevice(world)
    return { who: asOwner(world), input: { device_id, token: tagged('push'), platform: 'apns' } }
  },
}
