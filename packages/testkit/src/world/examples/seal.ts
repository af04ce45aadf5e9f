import type { ExamplesOf } from './example.ts'

/** A vault that is open takes no share, whatever is sent for one. */
const anybody = async () => ({ who: {}, input: {} })

export const sealExamples: ExamplesOf<'seal'> = {
  status: anybody,
  unseal: async () => ({ who: {}, input: { share: 'pawl-share-1' } }),
}
