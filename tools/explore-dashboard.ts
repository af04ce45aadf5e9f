import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleVault } from '../packages/server/test/dashboard/example.ts'
import { ownerEmail, ownerPassword, servedDashboard } from '../packages/server/test/dashboard/served.ts'

// Lets Bombadil, a random explorer, use the dashboard of a server with an example vault. It looks for uncaught errors, blank
// pages and lost edits (explore-dashboard.spec.mjs). It is not a part of `npm test`, because a useful run takes minutes:
//
//   npx tsx --conditions=@pawl/source tools/explore-dashboard.ts 60
//
// The argument is in minutes. Default: 5.

const [minutes = '5'] = process.argv.slice(2)
const bombadil = '@antithesishq/bombadil@0.7.0'
const secondMs = 1_000
const exploredMs = Number(minutes) * 60 * secondMs
/** After a step back to the sign-in page, Bombadil sometimes loses its tab. Then it never ends and writes nothing. */
const silentMs = 60 * secondMs
/** The example happens in these days. */
const exampleMs = 13 * 86_400_000

interface Run {
  readonly code: number | null
  /** The time until its last output. */
  readonly ms: number
}

/** Runs Bombadil until its time limit, its first finding, or a long silence. */
function explore(url: string, spec: string, out: string, ms: number): Promise<Run> {
  const limits = ['--time-limit', `${Math.ceil(ms / secondMs)}s`, '--output-path', out]
  const options = ['--headless', '--no-sandbox', '--exit-on-violation', ...limits]
  const child = spawn('npx', ['--yes', bombadil, 'browser', 'test', url, spec, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const startedAt = Date.now()
  let heardAt = startedAt
  const hear = (bytes: Buffer) => {
    heardAt = Date.now()
    // Its browser library complains about each message of a newer Chromium.
    const lines = `${bytes}`.split('\n').filter((line) => line !== '' && !line.includes('WS Invalid message'))
    if (lines.length > 0) console.log(lines.join('\n'))
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  let isSilent = false
  const watch = setInterval(() => {
    isSilent ||= Date.now() - heardAt > silentMs
    if (isSilent && child.pid) process.kill(-child.pid, 'SIGKILL')
  }, secondMs)
  return new Promise((done) => {
    child.on('exit', (code) => {
      clearInterval(watch)
      done({ code: isSilent ? 0 : code, ms: heardAt - startedAt })
    })
  })
}

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
  let left = exploredMs
  let code: number | null = 0
  for (let run = 1; code === 0 && left > secondMs; run++) {
    const done = await explore(url, spec, join(out, `${run}`), left)
    code = done.code
    left -= done.ms
    console.log(`Run ${run} ended with ${code}. ${Math.max(0, Math.round(left / secondMs))} s are left.`)
  }
  clearInterval(ticks)
  console.log(code === 0 ? 'Nothing was found.' : `The trace is in ${out}.`)
  process.exitCode = code ?? 1
})
