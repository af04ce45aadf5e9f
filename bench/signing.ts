// EVM transactions that an agent signs without a node, within limits, and Ed25519: beside bare signatures of @noble/curves, and
// beside the Open Wallet Standard if it is installed (npm install --no-save @open-wallet-standard/core).
import { generateKeyPairSync, sign as nodeSign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeListener } from '@pawl/server/http'
import { ed25519 } from '../packages/core/node_modules/@noble/curves/ed25519.js'
import { say } from './child.ts'
import { request, signingVault } from './signing-vault.ts'
import { median, rate } from './vault.ts'

/** A second instance of the module, because the engine sets a wider table than the default in the first one. */
const bareNoble: string = '../packages/core/node_modules/@noble/curves/secp256k1.js?bare'
const { secp256k1 } = (await import(
  bareNoble
)) as typeof import('../packages/core/node_modules/@noble/curves/secp256k1.js')
const seconds = Number(process.argv[2] ?? 3)
const rounds = 3
const key = new Uint8Array(32).fill(7)
const digest = new Uint8Array(32).fill(9)
const pawl = await signingVault()
const ows = await openWallet()
const pair = generateKeyPairSync('ed25519').privateKey
const atOnce = 16
const races: Record<string, () => Promise<Speed>> = {
  bare: async () => during(() => secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })),
  pawl: () => calls(pawl.sign, atOnce),
  oneAgent: () => calls(pawl.signAsOne, 1),
  ...(ows && { ows: async () => during(ows.sign) }),
  ed25519Noble: async () => during(() => ed25519.sign(digest, key)),
  ed25519Node: async () => during(() => nodeSign(null, digest, pair)),
}
interface Speed {
  readonly perSecond: number
  readonly cpuUs: number
}
const measured = Object.fromEntries(Object.keys(races).map((name) => [name, [] as Speed[]]))
const trips: number[] = []
// A warm-up, because V8 compiles the loop of the bare signature much sooner than all code of a call.
await rate(3_000, pawl.sign, atOnce)
for (let round = 0; round < rounds; round++) {
  for (const [name, race] of Object.entries(races)) measured[name]?.push(await race())
  trips.push(await overHttp())
}
await pawl.close()
ows?.close()
const speeds = Object.entries(measured).map(([name, all]) => {
  return [name, { perSecond: median(all.map((one) => one.perSecond)), cpuUs: median(all.map((one) => one.cpuUs)) }]
})
say({ ...Object.fromEntries(speeds), p50Ms: median(trips) })

/** A function on this thread. */
function during(call: () => unknown): Speed {
  const before = process.cpuUsage()
  const started = performance.now()
  const end = started + (seconds * 1_000) / rounds
  let count = 0
  for (; performance.now() < end; count++) call()
  return speedOf(count, started, before)
}

async function calls(call: (at: number) => Promise<unknown>, atOnce: number): Promise<Speed> {
  const count = Math.max(160, Math.round(seconds * 200))
  const before = process.cpuUsage()
  const started = performance.now()
  await rate(count, call, atOnce)
  return speedOf(count, started, before)
}

function speedOf(count: number, started: number, before: NodeJS.CpuUsage): Speed {
  const { user, system } = process.cpuUsage(before)
  return { perSecond: (count / (performance.now() - started)) * 1_000, cpuUs: (user + system) / count }
}

/** One client, one request after the other: the median in milliseconds. */
async function overHttp(): Promise<number> {
  const server = createServer(nodeListener(pawl.pawl))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/agents/me/transactions/sign`
  const headers = { authorization: `Bearer ${pawl.token}`, 'content-type': 'application/json' }
  const taken: number[] = []
  for (let at = 0; at < 300; at++) {
    const body = JSON.stringify(request(1_000_000 + at))
    const begin = performance.now()
    const answer = await fetch(url, { method: 'POST', headers, body })
    await answer.text()
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
    taken.push(performance.now() - begin)
  }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return median(taken.slice(30))
}

/** The same transaction under a policy with a list of chains and an expiry, signed with the token of an agent. */
async function openWallet() {
  const name = '@open-wallet-standard/core'
  const core = await import(name).catch(() => null)
  if (!core) return null
  const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-ows-'))
  const wallet = core.importWalletPrivateKey('payer', '07'.repeat(32), 'a passphrase', folder, 'ethereum')
  const rules = [
    { type: 'allowed_chains', chain_ids: ['eip155:8453'] },
    { type: 'expires_at', timestamp: '2099-01-01T00:00:00Z' },
  ]
  const policy = { id: 'p', name: 'p', version: 1, created_at: '2026-01-01T00:00:00Z', rules, action: 'deny' }
  core.createPolicy(JSON.stringify(policy), folder)
  const { token } = core.createApiKey('agent', [wallet.id], ['p'], 'a passphrase', null, folder)
  const unsigned = `0x02ef8221058084${'3b9aca00'}84${'77359400'}82520894${'00'.repeat(18)}dead880de0b6b3a764000080c0`
  return {
    sign: () => core.signTransaction('payer', 'eip155:8453', unsigned, token, 0, folder),
    close: () => rmSync(folder, { recursive: true }),
  }
}
