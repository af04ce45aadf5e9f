import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

export const x402Examples: ExamplesOf<'x402'> = {
  get: async (world) => ({ who: asOwner(world), input: {} }),
  update: async (world) => ({
    who: asOwner(world),
    input: {
      pay_to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      network: 'eip155:8453',
      facilitator_url: 'http://127.0.0.1:4020',
      prices: { 'secrets.get': '0.001' },
    },
  }),
}
