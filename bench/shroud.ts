// What Shroud adds to calling a model directly, in one run: the time to the first word and between words at 16 streams, and a
// whole answer. The two are called in turns, so that what else the machine does falls on both.
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { say, start } from './child.ts'
import { median } from './vault.ts'

const streams = 16
const rounds = Number(process.argv[2] ?? 3)
const perRound = 20
const model = await start('./shroud-model.ts')
const shroud = await start('./shroud-server.ts', model.said.url as string)
const agent = new Agent({ keepAlive: true, maxSockets: streams })

const prompt = 'The agent reads the invoice of May, compares 1,250.00 EUR with order A-7731 and writes it to the log.\n'
const content = prompt.repeat(Math.ceil(4_096 / prompt.length))

interface Took {
  readonly firstMs: number
  readonly gapsMs: readonly number[]
  readonly allMs: number
}

const direct = () => ask(model.said.url as string, {})
const through = () =>
  ask(shroud.said.url as string, {
    'x-shroud-agent-key': shroud.said.key as string,
    'x-shroud-provider': 'openai',
  })

function ask(url: string, headers: Record<string, string>, stream = true): Promise<Took> {
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
      if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`))
      answer.on('data', (chunk: Buffer) => {
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

/** So many clients, each with one stream after the other, so that streams begin when others are under way. */
async function load(call: () => Promise<Took>): Promise<Took[]> {
  const client = async (number: number) => {
    await wait(number * 7)
    const took: Took[] = []
    for (let at = 0; at < perRound; at++) took.push(await call())
    return took
  }
  return (await Promise.all(Array.from({ length: streams }, (_, number) => client(number)))).flat()
}

const measured = { direct: [] as Took[], through: [] as Took[] }
for (let round = 0; round < rounds + 1; round++) {
  for (const [name, call] of [
    ['direct', direct],
    ['through', through],
  ] as const) {
    const took = await load(call)
    // The first round opens connections and compiles.
    if (round > 0) measured[name].push(...took)
  }
}
const p99 = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * 0.99)] ?? Number.NaN
const of = (name: keyof typeof measured, what: (took: Took) => readonly number[]) => measured[name].flatMap(what)
const added = (what: (took: Took) => readonly number[], at: (numbers: readonly number[]) => number) =>
  at(of('through', what)) - at(of('direct', what))
const first = (took: Took) => [took.firstMs]
const gaps = (took: Took) => took.gapsMs
say({
  directFirstP50: median(of('direct', first)),
  addedFirstP50: added(first, median),
  addedFirstP99: added(first, p99),
  addedGapP99: added(gaps, p99),
  addedAllP50: added((took) => [took.allMs], median),
})
await Promise.all([model.stop(), shroud.stop()])
process.exit(0)
