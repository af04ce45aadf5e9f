import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleVault } from '../packages/server/test/dashboard/example.ts'
import { ownerEmail, ownerPassword, servedDashboard } from '../packages/server/test/dashboard/served.ts'

// Lets Bombadil, a random explorer, use the dashboard of a server with an example vault. It looks for uncaught errors, blank
// pages and lost edits (explore-dashboard.spec.mjs). It is not a part of `npm test`, because a useful run takes minutes:
//
//   npx tsx --conditions=@pawl/source tools/explore-dashboard.ts 60m

const [timeLimit = '5m'] = process.argv.slice(2)
const bombadil = '@antithesishq/bombadil@0.7.0'
const secondMs = 1_000
/** The example happens in these days. */
const exampleMs = 13 * 86_400_000

await servedDashboard(async (world, url) => {
  const { clock, pawl } = world
  clock.advance(Date.now() - clock.now() - exampleMs)
  await exampleVault(world)
  clock.advance(Date.now() - clock.now())
  const ticks = setInterval(() => {
    clock.advance(secondMs)
    void pawl.runJobs()
  }, secondMs)
  const out = mkdtempSync(join(tmpdir(), 'pawl-explore-'))
  const spec = join(out, 'spec.mjs')
  const account = { email: ownerEmail, password: ownerPassword }
  const rules = readFileSync(new URL('explore-dashboard.spec.mjs', import.meta.url), 'utf8')
  writeFileSync(spec, `const account = ${JSON.stringify(account)}\n${rules}`)
  const options = ['--headless', '--no-sandbox', '--exit-on-violation', '--time-limit', timeLimit, '--output-path', out]
  const child = spawn('npx', ['--yes', bombadil, 'browser', 'test', url, spec, ...options], { stdio: 'inherit' })
  const code = await new Promise<number | null>((done) => child.on('exit', done))
  clearInterval(ticks)
  console.log(code === 0 ? 'Nothing was found.' : `Bombadil ended with ${code}. The trace is in ${out}.`)
  process.exitCode = code ?? 1
})
