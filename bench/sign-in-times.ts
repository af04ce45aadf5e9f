// Tests whether the time of a refused sign-in shows that an address has an account. It calls the engine in one process and without
// HTTP, so it measures only the work of the engine. Known and unknown addresses come in random order. Welch's t shows whether a
// difference is significant. There are several runs, because one run can differ by chance.
import { fullVault, median, seeded } from './vault.ts'

const runs = Number(process.argv[2] ?? 5)
const rounds = 300
const warmUp = 50
const random = seeded(7)

const { pawl, owner, close } = await fullVault(0)
await owner.orgs.addMember({ email: 'known@example.com', password: 'Correct-Horse-7' })

async function time(who: string, guess: number): Promise<number> {
  const startedAt = performance.now()
  await pawl
    .as({ bearer: null })
    .auth.token({ email: `${who}@example.com`, password: `no ${guess}` })
    .catch(() => {})
  return performance.now() - startedAt
}

for (let run = 1; run <= runs; run++) {
  const times = { known: [] as number[], other: [] as number[] }
  for (let guess = -warmUp; guess < 2 * rounds; guess++) {
    const who = random(2) === 0 ? 'known' : 'other'
    const taken = await time(who, guess)
    if (guess >= 0) times[who].push(taken)
  }
  const [known, unknown] = [facts(times.known), facts(times.other)]
  const t = (known.mean - unknown.mean) / Math.sqrt(known.variance / known.count + unknown.variance / unknown.count)
  const said = [known, unknown].map(({ mean, middle }) => `median ${middle.toFixed(2)} ms, mean ${mean.toFixed(2)} ms`)
  const verdict = Math.abs(t) < 4.5 ? 'no difference seen' : 'a difference'
  console.log(`run ${run}: known ${said[0]}; unknown ${said[1]}; Welch's t ${t.toFixed(2)} (${verdict})`)
}
await close()

function facts(values: readonly number[]) {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  return { count, mean, variance, middle: median(values) }
}
