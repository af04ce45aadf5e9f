// What Shroud adds to calling a model directly, in one run: the time to the first word and between words at 16 streams, whole
// answers and their CPU beside Portkey's gateway and a proxy that only forwards bytes, and memory after many streams. All are
// called in turns, so that other load on the machine affects each of them.
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Child, say, start } from './child.ts'
import { cpuUsOf } from './load.ts'
import { median } from './vault.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    streams: { type: 'string', default: '10000' },
    warmUp: { type: 'string', default: '1000' },
  },
})
const rounds = Number(values.rounds)
const manyStreams = Number(values.streams)
const warmUpCalls = Number(values.warmUp)
const clients = 16
const model = await start('./shroud-model.ts', '5')
const quick = await start('./shroud-model.ts', '0')
const shroud = await start('./shroud-server.ts', urlOf(model), urlOf(quick))
const floor = await start('./shroud-floor.ts', urlOf(model), urlOf(quick))
const peer = await start('./shroud-peer.ts')
const agent = new Agent({ keepAlive: true, maxSockets: clients })

const prompt = 'The agent reads the invoice of May, compares 1,250.00 EUR with order A-7731 and writes it to the log.\n'
const content = prompt.repeat(Math.ceil(4_096 / prompt.length))

interface Took {
  readonly firstMs: number
  readonly gapsMs: readonly number[]
  readonly allMs: number
}

interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Each way to each model. */
const ways = {
  direct: (to: Child): Target => ({ url: urlOf(to), headers: {} }),
  floor: (to: Child): Target => ({ url: urlOf(floor), headers: providerOf(to) }),
  shroud: (to: Child): Target => ({ url: urlOf(shroud), headers: { ...keyOf(shroud), ...providerOf(to) } }),
  peer: (to: Child): Target => ({
    url: urlOf(peer),
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${urlOf(to)}/v1`,
      authorization: 'Bearer key',
    },
  }),
}
type Way = keyof typeof ways
const hasPeer = peer.said.url !== null

function providerOf(to: Child) {
  return { 'x-shroud-provider': to === model ? 'openai' : 'local' }
}

function keyOf({ said }: Child) {
  return { 'x-shroud-agent-key': said.key as string }
}

function urlOf({ said }: Child): string {
  return said.url as string
}

function ask({ url, headers }: Target, stream: boolean): Promise<Took> {
  const body = JSON.stringify({ model: 'fake', stream, messages: [{ role: 'user', content }] })
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/chat/completions`, {
      ...{ agent, method: 'POST' },
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    })
    const started = performance.now()
    const words: number[] = []
    sent.on('error', reject)
    sent.on('response', (answer) => {
      answer.on('data', (chunk: Buffer) => {
        if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}: ${chunk}`))
        if (/"content":"\w/.test(chunk.toString())) words.push(performance.now())
      })
      answer.on('end', () => {
        const gapsMs = words.slice(1).map((at, number) => at - (words[number] ?? at))
        resolve({ firstMs: (words[0] ?? Number.NaN) - started, gapsMs, allMs: performance.now() - started })
      })
    })
    sent.end(body)
  })
}

/** So many clients, each with one request after the other. They begin at different times, so that they stay out of step. */
async function load(call: () => Promise<Took>, each: number, atOnce = clients): Promise<Took[]> {
  const client = async (number: number) => {
    await wait(number * 7)
    const took: Took[] = []
    for (let at = 0; at < each; at++) took.push(await call())
    return took
  }
  return (await Promise.all(Array.from({ length: atOnce }, (_, number) => client(number)))).flat()
}

/** The median of the rounds, so that one slow round does not decide. The warm-up opens connections, and V8 compiles. */
async function inTurns(
  names: readonly Way[],
  warmUp: (way: Way) => Promise<unknown>,
  one: (way: Way) => Promise<Record<string, number>>,
) {
  const measured: Partial<Record<Way, Record<string, number>[]>> = {}
  for (const way of names) await warmUp(way)
  for (let round = 0; round < rounds; round++)
    for (const way of names) measured[way] = [...(measured[way] ?? []), await one(way)]
  return (way: Way, what: string) => median((measured[way] ?? []).map((numbers) => numbers[what] ?? Number.NaN))
}

const p99 = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * 0.99)] ?? Number.NaN

// The release of the gateway answers streams with 500 on Node 20.
const talk = (way: Way, each: number) => load(() => ask(ways[way](model), true), each)
const streamed = await inTurns(
  ['direct', 'floor', 'shroud'],
  (way) => talk(way, Math.ceil(warmUpCalls / 33)),
  async (way) => {
    const took = await talk(way, 10)
    const firsts = took.map(({ firstMs }) => firstMs)
    const gaps = took.flatMap(({ gapsMs }) => gapsMs)
    return { firstP50: median(firsts), firstP99: p99(firsts), gapP99: p99(gaps) }
  },
)

const pids: Readonly<Record<Way, number>> = {
  direct: quick.pid,
  floor: floor.pid,
  shroud: shroud.pid,
  peer: (peer.said.pid as number | undefined) ?? quick.pid,
}
/** Four clients load one core, and the model has the other. V8 compiles hot code only after some thousand calls. */
const call = (way: Way, each: number) => load(() => ask(ways[way](quick), false), each, 4)
const called: readonly Way[] = ['direct', 'floor', 'shroud', ...(hasPeer ? (['peer'] as const) : [])]
const whole = await inTurns(
  called,
  (way) => call(way, warmUpCalls),
  async (way) => {
    const before = cpuUsOf(pids[way])
    const took = await call(way, 150)
    const all = took.map(({ allMs }) => allMs)
    return { p50: median(all), p99: p99(all), cpuUs: (cpuUsOf(pids[way]) - before) / took.length }
  },
)

await shroud.stop()
// A small cache is full soon, so that what grows afterwards is no cache.
const small = await start('./shroud-server.ts', urlOf(quick), urlOf(quick), '8')

async function afterStreams(count: number) {
  const target = { url: urlOf(small), headers: { ...keyOf(small), 'x-shroud-provider': 'local' } }
  await load(() => ask(target, true), count / clients)
  return (await small.ask('memory')) as Record<'heapMb' | 'rssMb', number>
}

const before = await afterStreams(manyStreams / 5)
const after = await afterStreams(manyStreams)

const added = (from: typeof whole, way: Way, what: string) => from(way, what) - from('direct', what)
const wholeOf = (way: Way) => ({
  addedP50: added(whole, way, 'p50'),
  addedP99: added(whole, way, 'p99'),
  perCpuSecond: 1_000_000 / whole(way, 'cpuUs'),
})
say({
  directFirstP50: streamed('direct', 'firstP50'),
  addedFirstP50: added(streamed, 'shroud', 'firstP50'),
  addedFirstP99: added(streamed, 'shroud', 'firstP99'),
  addedGapP99: added(streamed, 'shroud', 'gapP99'),
  floorGapP99: added(streamed, 'floor', 'gapP99'),
  floorFirstP99: added(streamed, 'floor', 'firstP99'),
  floor: wholeOf('floor'),
  shroud: wholeOf('shroud'),
  peer: hasPeer ? wholeOf('peer') : null,
  grownHeapMb: after.heapMb - before.heapMb,
  rssMb: after.rssMb,
})
await Promise.all([model, quick, small, floor, ...(hasPeer ? [peer] : [])].map((child) => child.stop()))
process.exit(0)
