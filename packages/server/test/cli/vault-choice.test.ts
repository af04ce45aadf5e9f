import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { tagged } from '@pawl/testkit/canary'
import { expect, test } from 'vitest'
import { main } from '../../src/cli/program.ts'
import { openRoom, type Room } from '../mcp/sessions.ts'

// Goal: a human's command works in no vault that an agent made, unless the human names it (M1).

async function asHuman({ url, world }: Room) {
  const { api_key } = await world.owner.auth.createApiKey({ name: 'shell' })
  return async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const said: string[] = []
    const status = await main(args, {
      env: { PAWL_CONFIG_DIR: '/nowhere', PAWL_URL: url, PAWL_TOKEN: api_key.reveal(), ...more },
      isColoured: false,
      out: (line) => void said.push(line),
      error: (line) => void said.push(line),
      input: async () => tagged('hunter2'),
      stopped: async () => {},
    })
    return { status, said: said.join('\n') }
  }
}

async function withTrap() {
  const room = await openRoom({ crypto: nodeCrypto() })
  const mallory = await room.world.agent()
  const trap = await mallory.as.vaults.create({ name: 'default' })
  const stolen = async () => (await mallory.as.secrets.list({ vault_id: trap.id })).secrets.map(({ path }) => path)
  return {
    ...room,
    mallory,
    stolen,
    pawl: await asHuman(room),
    [Symbol.asyncDispose]: () => room[Symbol.asyncDispose](),
  }
}

test('M1: a command that names no vault fails where only agents made vaults, and says so', async () => {
  await using room = await withTrap()
  const { status, said } = await room.pawl(['secret', 'set', 'db/main'])
  expect([status, said]).toEqual([66, expect.stringMatching(/Only agents made the vaults .*: default\. .*--vault/)])
  expect((await room.pawl(['env', 'run', '--', 'true'])).said).toContain('Only agents made the vaults')
  expect(await room.stolen()).toEqual([])
  expect((await room.pawl(['secret', 'set', 'db/main', '--vault', 'default'])).status).toBe(0)
  expect(await room.stolen()).toEqual(['db/main'])
})

test('M1: a command that names no vault does not work in a vault that passed on from a removed agent', async () => {
  await using room = await withTrap()
  await room.world.owner.agents.delete({ agent_id: room.mallory.id })
  const { status, said } = await room.pawl(['secret', 'set', 'db/main'])
  expect([status, said]).toEqual([66, expect.stringMatching(/Only agents made the vaults .*: default\. .*--vault/)])
  const { id } = await room.world.owner.vaults.create({ name: 'prod' })
  expect((await room.pawl(['secret', 'set', 'db/main'])).status).toBe(0)
  expect((await room.world.owner.vaults.list()).vaults.map(({ name }) => name).slice(0, 2)).toEqual(['prod', 'default'])
  expect((await room.world.owner.secrets.list({ vault_id: id })).secrets).toHaveLength(1)
})

test('an agent without a policy reads what an owner can run', async () => {
  await using room = await openRoom({ crypto: nodeCrypto() })
  const { key } = await room.world.agent()
  const pawl = await asHuman(room)
  const { status, said } = await pawl(['secret', 'get', 'db/main'], { PAWL_TOKEN: key })
  expect([status, said]).toEqual([66, expect.stringContaining("An owner can run: pawl grant <agent> read '**'")])
})

test('M1: a command that names no vault works in the only vault of a human, and of several it asks which', async () => {
  await using room = await withTrap()
  const { id: vault_id } = await room.world.owner.vaults.create({ name: 'prod' })
  expect((await room.pawl(['secret', 'set', 'db/main'])).status).toBe(0)
  expect((await room.world.owner.secrets.list({ vault_id })).secrets).toHaveLength(1)
  room.world.clock.advance(1)
  await room.world.owner.vaults.create({ name: 'test' })
  const { status, said } = await room.pawl(['secret', 'set', 'db/other'])
  expect([status, said]).toEqual([66, expect.stringMatching(/Several vaults are possible: prod, test\. .*--vault/)])
  expect(await room.stolen()).toEqual([])
})
