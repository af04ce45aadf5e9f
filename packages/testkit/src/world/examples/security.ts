import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

// A rule for agents: the callers of these examples are people without an address.
const rule = { rule_type: 'deny', cidr: '203.0.113.0/24', applies_to: 'agents' } as const

const asOwner = ({ ownerId }: World) => ({ who: { user: ownerId } })

export const securityExamples: ExamplesOf<'security'> = {
  listIpRules: async (world) => ({ ...asOwner(world), input: {} }),
  createIpRule: async (world) => ({ ...asOwner(world), input: { ...rule, label: 'scanners' } }),
  deleteIpRule: async (world) => {
    const { id } = await world.owner.security.createIpRule(rule)
    return { ...asOwner(world), input: { rule_id: id } }
  },
}
