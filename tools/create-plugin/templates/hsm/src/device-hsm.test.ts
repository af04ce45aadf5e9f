import { HsmError } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testHsm } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { type Handle, softDevice } from './device.ts'
import { deviceHsm } from './device-hsm.ts'

function open() {
  const keys = new Map<string, Handle>()
  const again = () => deviceHsm(softDevice(keys))
  return { hsm: again(), again }
}

testHsm(
  'a device',
  open,
  { describe, it },
  {
    lacks: {
      digestSigning: 'the device hashes what it signs',
      sealable: 'the device has its keys while it runs',
      rotatingRoot: 'nothing of ours seals the device',
      portable: 'no key leaves the device',
    },
  },
)

describe('an engine with its keys in a device', () => {
  it('keeps a secret, and says that it cannot while the device is away', async () => {
    const device = softDevice()
    let isAway = false
    const find: typeof device.find = async (name) => {
      if (isAway) throw new HsmError('unavailable', 'The device does not answer.')
      return device.find(name)
    }
    await using world = await testPawl({ hsm: deviceHsm({ ...device, find }), strictKeys: true })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const value = tagged('password')
    await world.owner.secrets.put({ vault_id, path: 'db/password', type: 'password', value })
    expect((await world.owner.secrets.get({ vault_id, path: 'db/password' })).value.reveal()).toBe(value)
    isAway = true
    await expect(world.owner.secrets.get({ vault_id, path: 'db/password' })).rejects.toMatchObject({
      kind: 'unavailable',
    })
    isAway = false
    expect((await world.owner.secrets.get({ vault_id, path: 'db/password' })).value.reveal()).toBe(value)
  })
})
