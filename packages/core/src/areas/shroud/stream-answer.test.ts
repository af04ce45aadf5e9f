import { tagged } from '@pawl/testkit/canary'
import { startFakeModel } from '@pawl/testkit/fakes'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { Secret } from '../../kernel/secret.ts'
import { nobleCrypto } from '../../ports/reference/index.ts'
import { AnswerFilters } from './answer.ts'
import { type Dialect, routeOf } from './dialects/calls.ts'
import { SseReader, sseText } from './dialects/sse.ts'
import { knownSecretsOf } from './redaction/known-secrets.ts'
import { settingsOf } from './settings.ts'
import { streamAnswer } from './stream-answer.ts'

// Goal: no cut of a stream lets a value through or changes another byte of the text (H3). Method: answers as a model server
// writes them, cut at random bytes; what comes out is put together as a client does, and is the redacted whole.

const secret = tagged('pässword-"quoted"\\🎉')
const known = knownSecretsOf(
  [{ vaultId: 'v', secretId: 's', path: 'db', value: Secret.of(secret), searched: [Secret.of(secret)] }],
  { key: new Uint8Array(32), crypto: nobleCrypto },
)
const said = `Begin – ${secret}, and again:\n${secret}, ${secret} 🎉 “end” ${secret.slice(0, 9)}`
const expected = known.redactor.whole(said).text
const call = { tool: 'send', input: { to: 'ü', text: `It is ${secret}.` } }

const asked = {
  chat: ['/v1/chat/completions', { model: 'fake', messages: [], stream: true }],
  responses: ['/v1/responses', { model: 'fake', input: 'Hi', stream: true }],
  messages: ['/v1/messages', { model: 'fake', messages: [], max_tokens: 9, stream: true }],
  google: ['/v1beta/models/fake:streamGenerateContent', { contents: [] }],
} as const

/** What a model server streams in each dialect. */
const streams = new Map<Dialect, Buffer>()

beforeAll(async () => {
  await using model = await startFakeModel({ reply: () => ({ text: said, calls: [call] }), deltaCharacters: 2 })
  for (const [dialect, [path, body]] of Object.entries(asked)) {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(model.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    streams.set(dialect as Dialect, Buffer.from(await response.arrayBuffer()))
  }
})

/** An event as a client reads it. */
// biome-ignore lint/suspicious/noExplicitAny: what is not there fails the test
type Event = any

interface Passed {
  readonly text: string
  readonly events: readonly Event[]
  readonly usage: unknown
}

async function pass(dialect: Dialect, pieces: readonly Uint8Array[], config = {}): Promise<Passed> {
  const [path] = asked[dialect]
  const route = routeOf(path)
  const inspected = { request: { route }, facts: { wantsUsage: true } } as unknown as Parameters<
    typeof streamAnswer
  >[0]['inspected']
  let usage: unknown = null
  const settle = async (given: unknown) => {
    usage = given
  }
  const body = (async function* () {
    yield* pieces
  })()
  const filters = new AnswerFilters(settingsOf(config), known, 0)
  let text = ''
  for await (const one of streamAnswer({ inspected, filters, body, settle, giveBack: () => {} })) text += one
  const events = new SseReader().push(text).filter(({ data }) => data !== '[DONE]')
  return { text, events: events.map(({ data }) => JSON.parse(data)), usage }
}

/** The text and the arguments of the call, as a client puts them together. */
const joined: Readonly<Record<Dialect, (events: Passed['events']) => [text: string, call: string]>> = {
  chat: (events) => {
    const deltas = events.flatMap(({ choices }: Event) => choices.map((one: Event) => one.delta))
    const calls = deltas.flatMap(({ tool_calls = [] }) => tool_calls)
    return [
      deltas.map(({ content }) => content ?? '').join(''),
      calls.map((one: Event) => one.function.arguments).join(''),
    ]
  },
  responses: (events) => {
    const of = (type: string) => events.flatMap((event) => (event.type === type ? [event.delta] : [])).join('')
    const done = events.find(({ type }) => type === 'response.output_text.done')
    const final = events.at(-1)
    expect(done.text).toBe(of('response.output_text.delta'))
    expect(final.response.output[0].content[0].text).toBe(done.text)
    expect(final.response.output[1].arguments).toBe(of('response.function_call_arguments.delta'))
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at))
    return [done.text, of('response.function_call_arguments.delta')]
  },
  messages: (events) => {
    const deltas = events.flatMap((event) => (event.type === 'content_block_delta' ? [event.delta] : []))
    return [deltas.map(({ text }) => text ?? '').join(''), deltas.map((one) => one.partial_json ?? '').join('')]
  },
  google: (events) => {
    const parts = events.flatMap(({ candidates }) => candidates.flatMap(({ content }: Event) => content.parts))
    const called = parts.find(({ functionCall }) => functionCall)
    return [parts.map(({ text }) => text ?? '').join(''), JSON.stringify(called.functionCall.args)]
  },
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((one) => one % bytes.length))].sort((a, b) => a - b)
  return [0, ...places].map((from, number) => bytes.subarray(from, places[number] ?? bytes.length))
}

const dialects = Object.keys(asked) as Dialect[]

describe.each(dialects)('a stream in the dialect %s', (dialect) => {
  const bytes = () => streams.get(dialect) as Buffer

  const check = ({ events, text, usage }: Passed) => {
    const [shown, args] = joined[dialect](events)
    expect(shown).toBe(expected)
    expect(JSON.parse(args)).toEqual({ to: 'ü', text: known.redactor.whole(call.input.text).text })
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) })
  }

  it('H3: is the redacted whole, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), async (at) =>
        check(await pass(dialect, cut(bytes(), at))),
      ),
      { numRuns: tries(40, 4) },
    )
  })

  it('H3: is the redacted whole, byte by byte', async () => {
    check(
      await pass(
        dialect,
        [...bytes()].map((byte) => Uint8Array.of(byte)),
      ),
    )
  })

  it('holds a call back until it is complete, and drops one that never is', async () => {
    const all = new SseReader().push(bytes().toString())
    const marks = ['tool_calls', 'function_call', 'tool_use', 'functionCall']
    const isOfCall = (data: string) =>
      marks.some((mark) => data.includes(`"${mark}"`)) || data.includes('input_json_delta')
    const first = all.findIndex(({ data }) => isOfCall(data))
    // Google sends a call in one piece.
    const count = dialect === 'google' ? first : first + 2
    const half = Buffer.from(all.slice(0, count).map(sseText).join(''))
    const { text } = await pass(dialect, [half])
    expect(text).not.toMatch(/"name":"send"|input_json_delta|arguments/)
  })

  it('that is blocked ends with one event that says so, and passes on no call', async () => {
    const config = { tool_call_inspection: { denied_tool_names: ['send'], action: 'block' } }
    const { text, events } = await pass(dialect, [bytes()], config)
    expect(events.at(-1)).toMatchObject({ error: { type: 'shroud_blocked' } })
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect(text).not.toMatch(/"to\\?":/)
  })

  it('that has anything but JSON in it ends there', async () => {
    const { events } = await pass(dialect, [Buffer.from(`data: {"broken\n\n`), bytes()])
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ error: { type: 'shroud_error' } })
  })
})
