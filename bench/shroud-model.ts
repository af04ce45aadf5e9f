// A model server for bench/shroud.ts. It streams one word every few milliseconds, or all words at once.
import { setTimeout as wait } from 'node:timers/promises'
import { startFakeModel } from '@pawl/testkit/fakes'
import { say } from './child.ts'

const paceMs = Number(process.argv[2] ?? 5)
const model = await startFakeModel({
  reply: () => 'The model answers with some words about the invoice of May and about nothing else at all.',
  pace: async (delta) => {
    if (delta > 0 && paceMs > 0) await wait(paceMs)
  },
})
say({ url: model.url })
