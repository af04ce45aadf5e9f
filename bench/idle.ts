// What a server holds when nobody uses it: the real command, from a first start on.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say } from './child.ts'

const folder = await mkdtemp(join(tmpdir(), 'pawl-bench-'))
const pawl = fileURLToPath(new URL('../packages/server/bin/pawl.mjs', import.meta.url))
const env = { ...process.env, PAWL_DATA_DIR: join(folder, 'data'), PAWL_PORT: '0' }
const server = spawn(process.execPath, [pawl, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
await new Promise<void>((resolve) => server.stdout.on('data', (text) => String(text).includes('Stop') && resolve()))
await new Promise((resolve) => setTimeout(resolve, 1_000))
const [, rssKb] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${server.pid}/status`, 'utf8')) ?? []
server.kill('SIGTERM')
await new Promise((resolve) => server.once('exit', resolve))
await rm(folder, { recursive: true })
say({ rssMb: Number(rssKb) / 1_024 })
