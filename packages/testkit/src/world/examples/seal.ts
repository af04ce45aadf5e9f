import type { ExamplesOf } from './example.ts'

/** An open vault accepts no share, valid or not. */
const anybody = async () => ({ who: {}, input: {} })

export const sealExamples: ExamplesOf<'seal'> = {
  status: anybody,
  unseal: async () => ({ who: {}, input: { share: 'pawl-share-1' } }),
}
