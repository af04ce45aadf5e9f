// What counting costs an audited read: the same calls of the same engine with it and without it, in turns. Beside that, the calls
// of an engine whose tier limits requests.
import { say } from './child.ts'
import { fullVault, median, pathOf, rate, seeded } from './vault.ts'

const secrets = 1_000
const turns = Number(process.argv[2] ?? 60)
const callsPerTurn = 1_000

const open = await reads(null)
const limited = await reads({ default: 'free', tiers: { free: { limits: { requests: 2 ** 31 - 1 } } } })
for (const call of [open.metered, open.unmetered]) await rate(20_000, call)
await rate(20_000, limited.metered)
const [speeds, speedsOfLimited] = [[] as number[], [] as number[]]
const cpu = { metered: [] as number[], unmetered: [] as number[] }
for (let turn = 0; turn < turns; turn++) {
  // Each of the two is the first in every second turn.
  const pair = turn % 2 === 0 ? [open.metered, open.unmetered] : [open.unmetered, open.metered]
  const taken = []
  for (const call of pair) taken.push(await timed(callsPerTurn, call))
  const [metered, unmetered] = turn % 2 === 0 ? taken : taken.reverse()
  if (!metered || !unmetered) break
  speeds.push(metered.perSecond / unmetered.perSecond)
  cpu.metered.push(metered.cpuUs)
  cpu.unmetered.push(unmetered.cpuUs)
  speedsOfLimited.push((await rate(callsPerTurn, limited.metered)) / unmetered.perSecond)
}
await Promise.all([open.close(), limited.close()])
// A garbage collection in one turn would distort the ratio of that turn. So the medians are divided.
const cpuRatio = median(cpu.metered) / median(cpu.unmetered)
say({ perSecond: median(speeds), cpu: cpuRatio, limitedPerSecond: median(speedsOfLimited) })

async function reads(tiers: Parameters<typeof fullVault>[3]) {
  const { pawl, vaultId, token, close } = await fullVault(secrets, {}, 1, tiers)
  const get = pawl.registry.secrets?.get
  if (!get) throw new Error('There is no operation secrets.get.')
  const pick = seeded(7)
  const callsOf = (operation: typeof get) => () =>
    pawl.perform(operation, { vault_id: vaultId, path: pathOf(pick(secrets)) }, { bearer: token })
  // Two copies, so that nothing else differs.
  return { metered: callsOf({ ...get }), unmetered: callsOf({ ...get, metered: false }), close }
}

async function timed(calls: number, call: () => Promise<unknown>) {
  const before = process.cpuUsage()
  const perSecond = await rate(calls, call)
  const { user, system } = process.cpuUsage(before)
  return { perSecond, cpuUs: (user + system) / calls }
}
