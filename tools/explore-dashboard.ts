import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exampleVault } from '../packages/server/test/dashboard/example.ts'
import { ownerEmail, ownerPassword, servedDashboard } from '../packages/server/test/dashboard/served.ts'

// Lets Bombadil, a random explorer, use the dashboard of a server with an example vault. It looks for uncaught errors, blank
// pages and lost edits (explore-dashboard.spec.mjs). It is not a part of `npm test`, because a useful run takes minutes:
//
//   npx tsx --conditions=@pawl/source tools/explore-dashboard.ts 60m

const [timeLimit = '5m'] = process.argv.slice(2)
const bombadil = '@antithesishq/bombadil@0.7.0'

await servedDashboard(async (world, url) => {
  await exampleVault(world)
  const out = mkdtempSync(join(tmpdir(), 'pawl-explore-'))
  const spec = fileURLToPath(new URL('explore-dashboard.spec.mjs', import.meta.url))
  const options = ['--headless', '--no-sandbox', '--exit-on-violation', '--time-limit', timeLimit, '--output-path', out]
  const cookie = await sessionOf(url)
  const args = ['--yes', bombadil, 'browser', 'test', url, spec, ...options, '--cookie', cookie]
  const child = spawn('npx', args, { stdio: 'inherit' })
  const code = await new Promise<number | null>((done) => child.on('exit', done))
  console.log(code === 0 ? 'Nothing was found.' : `Bombadil ended with ${code}. The trace is in ${out}.`)
  process.exitCode = code ?? 1
})

/** The cookie of a new session of the owner, as the browser stores it. */
async function sessionOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: ownerEmail, password: ownerPassword }),
    redirect: 'manual',
  })
  const [cookie = ''] = answer.headers.getSetCookie()
  // Bombadil does not know all attributes of a cookie.
  return cookie.split(';')[0] ?? ''
}
