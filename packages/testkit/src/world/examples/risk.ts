import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const path = 'canary/secret-key'
const asOwner = ({ ownerId }: World) => ({ user: ownerId })

const honeytoken = async ({ owner }: World) => {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  return (await owner.risk.createHoneytoken({ vault_id, secret_path: path })).honeytoken
}

/** An agent that has read a honeytoken. */
const caught = async (world: World) => {
  const { owner } = world
  const { vault_id, id: honeytoken_id } = await honeytoken(world)
  await owner.secrets.put({ vault_id, path, value: tagged('hunter2') })
  const agent = await world.agent({ vault: vault_id })
  const ip = { version: 4, words: [0x0a_01_02_03] } as const
  await world.pawl.as({ bearer: agent.key, ip }).secrets.get({ vault_id, path })
  world.clock.advance(60_000)
  await world.pawl.runJobs()
  // Removed, so that a later call that reads all secrets does not trigger it.
  await owner.risk.deleteHoneytoken({ honeytoken_id })
  return { who: asOwner(world), input: { principal_type: 'agent' as const, principal_id: agent.id } }
}

export const riskExamples: ExamplesOf<'risk'> = {
  events: async (world) => {
    const { who } = await caught(world)
    return { who, input: { severity: 'critical', principal_type: 'agent' } }
  },
  verdicts: async (world) => ({ who: (await caught(world)).who, input: {} }),
  verdict: caught,
  clearVerdict: caught,
  honeytokens: async (world) => {
    await honeytoken(world)
    return { who: asOwner(world), input: {} }
  },
  createHoneytoken: async (world) => {
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    return { who: asOwner(world), input: { vault_id, secret_path: path, notes: 'Nothing uses it.' } }
  },
  deleteHoneytoken: async (world) => ({
    who: asOwner(world),
    input: { honeytoken_id: (await honeytoken(world)).id },
  }),
}
