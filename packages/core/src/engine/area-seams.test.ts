import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type Area, fields, kind, operation } from '../area.ts'

// Goal: what an area declares about changes and events elsewhere happens, without any other area knowing of it. Method: an
// area of a plugin, in a whole engine.

interface Label {
  readonly id: string
  readonly agentId: string
}

const labelKind = kind<Label>('labels.label', { indexes: { agent: { key: ({ agentId }) => [agentId] } } })

const add = operation({
  name: 'labels.add',
  summary: 'Add a label to an agent.',
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'label.add', resource: 'label' },
  input: z.object({ agent_id: fields.id() }),
  output: z.object({ id: fields.id() }),
  errors: [],
  run: ({ unit, newId }, { agent_id }) => {
    const label = { id: newId(), agentId: agent_id }
    unit.put(labelKind, label)
    return { id: label.id }
  },
})

function labels(heard: string[], fails: () => boolean = () => false) {
  return {
    name: 'labels',
    operations: { add },
    kinds: [labelKind],
    onRemoved: {
      agent: {
        asJob: async ({ records }, { org, id }) => {
          await records.transactIn(org, (unit) => {
            for (const label of unit.list(labelKind, 'agent', id)) unit.delete(labelKind, label)
          })
        },
      },
    },
    listensTo: {
      'label.add': async (_, event) => {
        if (fails()) throw new Error('not now')
        heard.push(event.id)
      },
    },
    agentSettings: {
      label_color: {
        schema: z.enum(['red', 'green'], 'must be red or green').describe('Color of the labels.'),
        default: undefined,
        strictest: 'red',
        isClearable: true,
      },
    },
  } as const satisfies Area
}

describe('an area', () => {
  it('loses its records of an agent when the agent is deleted', async () => {
    await using world = await testPawl({ areas: [labels([])] })
    const { id } = await world.agent()
    await world.owner.labels.add({ agent_id: id })
    expect(world.storedKinds()['labels.label']).toBe(1)
    await world.owner.agents.delete({ agent_id: id })
    expect(world.storedKinds()['labels.label'] ?? 0).toBe(0)
  })

  it('hears each event that it listens to, in order, and again after it failed', async () => {
    const heard: string[] = []
    let isFailing = true
    let tries = 0
    const fails = () => {
      tries++
      return isFailing
    }
    await using world = await testPawl({ areas: [labels(heard, fails)] })
    const { id } = await world.agent()
    await world.pawl.runJobs()
    for (let at = 0; at < 3; at++) await world.owner.labels.add({ agent_id: id })
    await world.pawl.runJobs()
    expect([heard, tries]).toEqual([[], 1])
    await world.pawl.runJobs()
    expect(tries).toBe(1)
    isFailing = false
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    const { events } = await world.owner.audit.events({ action: 'label.add' })
    expect(heard).toEqual(events.map((event) => event.id).reverse())
    await world.pawl.runJobs()
    expect(heard).toHaveLength(3)
  })

  it('contributes a setting of agents, which is checked, stored and shown like every other', async () => {
    await using world = await testPawl({ areas: [labels([])] })
    const { id } = await world.agent()
    const { update } = world.pawl.registry.agents as { update: Parameters<typeof world.pawl.perform>[0] }
    const set = (label_color: string) =>
      world.pawl.perform(update, { agent_id: id, label_color }, { trusted: { user: world.ownerId } })
    expect(await set('green')).toMatchObject({ label_color: 'green' })
    await expect(set('blue')).rejects.toMatchObject({ message: 'label_color: must be red or green' })
    expect(await world.owner.agents.get({ agent_id: id })).toMatchObject({ label_color: 'green' })
  })
})
