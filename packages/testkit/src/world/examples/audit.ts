import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const asOwner = async ({ ownerId }: World) => ({ who: { user: ownerId }, input: {} })

export const auditExamples: ExamplesOf<'audit'> = { events: asOwner, verify: asOwner }
