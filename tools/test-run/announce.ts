import { randomInt } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Once for a whole run: decides and prints the seed, and says in the end what a quick run left out. */
export default function setup(): () => void {
  const seed = chosenSeed(process.env.PAWL_TEST_SEED)
  process.env.PAWL_TEST_SEED = `${seed}`
  console.log(`PAWL_TEST_SEED=${seed} (default: 1; a number or "random")`)
  const notices = join(mkdtempSync(join(tmpdir(), 'pawl-')), 'notices')
  process.env.PAWL_TEST_NOTICES = notices
  return () => {
    const lines = existsSync(notices) ? readFileSync(notices, 'utf8').trim().split('\n') : []
    if (lines.length === 0) return
    const unique = [...new Set(lines)].sort().map((line) => `  ${line}\n`)
    console.log(`Left out or shortened; PAWL_TEST_REQUIRE=all runs everything, as CI does:\n${unique.join('')}`)
  }
}

function chosenSeed(given = '1'): number {
  if (given === 'random') return randomInt(2 ** 31)
  if (!/^\d{1,10}$/.test(given) || Number(given) >= 2 ** 31) {
    throw new Error('PAWL_TEST_SEED must be "random" or a whole number below 2147483648.')
  }
  return Number(given)
}
