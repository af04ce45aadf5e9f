// A search through a long audit trail that finds nothing, and what it does to the reads of others meanwhile.
import { setTimeout } from 'node:timers/promises'
import { say } from './child.ts'
import { fill, fullVault, median, pathOf, seeded } from './vault.ts'

const events = Number(process.argv[2])
const vault = await fullVault(1_000)
const pick = seeded(7)
const read = () => vault.agent.secrets.get({ vault_id: vault.vaultId, path: pathOf(pick(1_000)) })
for (let done = 0; done < events; done += 50_000) {
  await fill(Math.min(50_000, events - done), read, 50)
  await vault.pawl.runJobs()
}
while ((await closedEvents()) < events - 8_192) {
  await setTimeout(1_000)
  await vault.pawl.runJobs()
}
const alone = await latencies(() => Promise.resolve(true))
const begin = performance.now()
let isDone = false
const search = vault.owner.audit.events({ action: 'nothing.like.it' }).then(() => {
  isDone = true
  return performance.now() - begin
})
const meanwhile = await latencies(async () => isDone)
await search.then((ms) => say({ ms, p99Alone: p99(alone), p99Meanwhile: p99(meanwhile), p50: median(meanwhile) }))
await vault.close()

/** Segments are closed by a job, a part of the trail at a time. */
async function closedEvents(): Promise<number> {
  const { segments } = await vault.owner.audit.segments({})
  return segments.reduce((sum, { events }) => sum + events, 0)
}

async function latencies(isOver: () => Promise<boolean>): Promise<number[]> {
  const taken: number[] = []
  do {
    const started = performance.now()
    await read()
    taken.push(performance.now() - started)
  } while (taken.length < 500 || !(await isOver()))
  return taken
}

function p99(taken: readonly number[]): number {
  return [...taken].sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? Number.NaN
}
