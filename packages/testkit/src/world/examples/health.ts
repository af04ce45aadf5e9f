import type { ExamplesOf } from './example.ts'

const anybody = async () => ({ who: {}, input: {} })

export const healthExamples: ExamplesOf<'health'> = { get: anybody, hsm: anybody }
