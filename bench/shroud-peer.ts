// Portkey's gateway, for bench/shroud.ts. npm puts it into a temporary folder, so it is no dependency of the workspace. It has
// no guardrails here, so it only passes requests on.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, say } from './child.ts'

const version = '1.15.2'
const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-portkey-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
const npm = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']
if (spawnSync('npm', [...npm, `@portkey-ai/gateway@${version}`], { stdio: 'ignore' }).status !== 0) {
  say({ url: null })
  process.exit(0)
}
const port = await freePort()
const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
const env = { ...process.env, NODE_ENV: 'production' }
const gateway = spawn(process.execPath, [program, '--headless', `--port=${port}`], { env, stdio: 'ignore' })
process.on('SIGTERM', () => {
  gateway.kill()
  process.exit(0)
})
const url = `http://127.0.0.1:${port}`
for (let tries = 0; !(await isUp()); tries++) {
  if (tries === 300) throw new Error('the gateway did not start within 30 seconds')
  await pause(100)
}
say({ url, pid: gateway.pid ?? 0, version })

function isUp(): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}
