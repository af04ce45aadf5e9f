// A search through a long audit trail that finds nothing, and what it does to the reads of others meanwhile.
import { say } from './child.ts'
import { fullVault, median, pathOf, seeded } from './vault.ts'

const events = Number(process.argv[2])
const vault = await fullVault(1_000)
const pick = seeded(7)
const read = () => vault.agent.secrets.get({ vault_id: vault.vaultId, path: pathOf(pick(1_000)) })
let left = events
await Promise.all(
  Array.from({ length: 50 }, async () => {
    while (left-- > 0) await read()
  }),
)
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
