// Whether the time of a refused sign-in shows that an address has an account. Known and unknown addresses take turns, in one
// process and without HTTP, so that nothing but the work itself is measured. Welch's t says how sure a difference is.
import { fullVault } from './vault.ts'

const rounds = 200
const { pawl, owner, close } = await fullVault(0)
await owner.orgs.addMember({ email: 'known@example.com', password: 'Correct-Horse-7' })

const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
for (let round = -10; round < rounds; round++) {
  for (const who of round % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
    const startedAt = performance.now()
    await pawl
      .as({ bearer: null })
      .auth.token({ email: `${who}@example.com`, password: `no ${round}` })
      .catch(() => {})
    if (round >= 0) times[who].push(performance.now() - startedAt)
  }
}
await close()

const [known, unknown] = [facts(times.known), facts(times.unknown)]
const t = (known.mean - unknown.mean) / Math.sqrt(known.variance / rounds + unknown.variance / rounds)
console.log(`known address:    median ${known.median.toFixed(2)} ms, mean ${known.mean.toFixed(2)} ms`)
console.log(`unknown address:  median ${unknown.median.toFixed(2)} ms, mean ${unknown.mean.toFixed(2)} ms`)
console.log(`Welch's t of ${rounds} each: ${t.toFixed(2)} (${Math.abs(t) < 3 ? 'no difference seen' : 'a difference'})`)

function facts(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, variance, median: sorted[Math.floor(sorted.length / 2)] ?? 0 }
}
