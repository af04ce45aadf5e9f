import { type Model, type ModelPart, ModelRefused, type ModelRequest, ModelUnavailable } from '@pawl/core/ports'
import type { ModelScript } from '@pawl/core/ports/reference'
import { check, type Runner, rejects, testEach } from './asserts.ts'

export interface OpenedModel {
  readonly model: Model
  /** A name that `complete` takes. */
  readonly name: string
  close?(): Promise<void>
}

/**
 * The behaviour of every model. `open` gets the answers of the model: an adapter is opened on a provider with these answers,
 * such as `startFakeModel` from `@pawl/testkit/fakes`.
 *
 * @example
 * testModel('my provider', async (reply) => {
 *   const fake = await startFakeModel({ reply })
 *   return { model: myModel({ url: fake.url }), name: 'fake', close: fake.close }
 * }, { describe, it })
 */
export function testModel(
  name: string,
  open: (reply: ModelScript) => OpenedModel | Promise<OpenedModel>,
  runner: Runner,
): void {
  const openAny = () => {
    const opened: OpenedModel[] = []
    const openOne = async (reply: ModelScript) => {
      const one = await open(reply)
      opened.push(one)
      return one
    }
    const close = async () => {
      for (const one of opened) await one.close?.()
    }
    return { open: openOne, close }
  }
  const bodies = Object.entries(cases).map(([title, body]) => [title, (opened: { open: Open }) => body(opened.open)])
  testEach(`${name}, a model`, openAny, Object.fromEntries(bodies), runner)
}

type Open = (reply: ModelScript) => Promise<OpenedModel>

const cases: Readonly<Record<string, (open: Open) => Promise<void>>> = {
  'names itself and its models': namesItself,
  'gives the text in its order, and says last how it ended and what it took': givesText,
  'gives each tool call whole': givesToolCalls,
  'passes on what was said, by whom, and which tools there are': passesOn,
  'keeps requests that are made at once apart': keepsApart,
  'gives nothing more once it is aborted': stops,
  'tells what will never work from what may work later': tellsFailures,
}

const ask = (model: string, text = 'Hi'): ModelRequest => ({
  model,
  messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
})

const input = { path: 'db/"x"', deep: { list: [1, null, 'ü'] } }

async function namesItself(open: Open): Promise<void> {
  const { model, name } = await open(() => '')
  check(/^[a-z0-9_-]+$/.test(model.provider), `is named ${model.provider}`)
  check((await model.models()).includes(name), `does not name ${name}`)
}

async function givesText(open: Open): Promise<void> {
  const text = 'One, two.\n\nThrée 🎉 "four".'
  const { model, name } = await open(() => text)
  const parts = await all(model.complete(ask(name)))
  check(textOf(parts) === text, `said ${JSON.stringify(textOf(parts))}`)
  const end = parts.at(-1)
  check(end?.type === 'end' && parts.filter(({ type }) => type === 'end').length === 1, 'does not end, or ends twice')
  check(end.because === 'done', `ended because ${end.because}`)
  for (const count of [end.inputTokens, end.outputTokens]) check(Number.isInteger(count) && count > 0, `took ${count}`)
}

async function givesToolCalls(open: Open): Promise<void> {
  const calls = [
    { tool: 'get_secret', input },
    { tool: 'nothing', input: {} },
  ]
  const { model, name } = await open(() => ({ text: 'Look: ', calls }))
  const parts = await all(model.complete({ ...ask(name), tools: [tool('get_secret'), tool('nothing')] }))
  const got = parts.flatMap((part) => (part.type === 'tool_call' ? [{ tool: part.tool, input: part.input }] : []))
  check(JSON.stringify(got) === JSON.stringify(calls), `called ${JSON.stringify(got)}`)
  const ids = parts.flatMap((part) => (part.type === 'tool_call' ? [part.id] : []))
  check(new Set(ids).size === 2 && !ids.includes(''), `has the ids ${ids}`)
  const end = parts.at(-1)
  check(end?.type === 'end' && end.because === 'tool_calls', 'does not say that it waits for the tools')
}

async function passesOn(open: Open): Promise<void> {
  let heard: ModelRequest | undefined
  const { model, name } = await open((request) => {
    heard = request
    return 'ok'
  })
  const messages: ModelRequest['messages'] = [
    { role: 'system', parts: [{ type: 'text', text: 'Be "brief".' }] },
    { role: 'user', parts: [{ type: 'text', text: 'Hi 🎉' }] },
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', tool: 'f', input }] },
    { role: 'user', parts: [{ type: 'tool_result', id: 'c1', text: 'done' }] },
  ]
  await all(model.complete({ model: name, messages, tools: [tool('f')], outputTokensMax: 7 }))
  check(JSON.stringify(heard?.messages) === JSON.stringify(messages), `passed on ${JSON.stringify(heard?.messages)}`)
  check(JSON.stringify(heard?.tools) === JSON.stringify([tool('f')]), `passed on ${JSON.stringify(heard?.tools)}`)
  check(heard?.model === name && heard.outputTokensMax === 7, 'passed on another model or limit')
}

async function keepsApart(open: Open): Promise<void> {
  const { model, name } = await open(({ messages }) => `You said ${JSON.stringify(messages[0]?.parts[0])}`)
  const texts = ['a', 'b', 'c']
  const answers = await Promise.all(texts.map(async (text) => textOf(await all(model.complete(ask(name, text))))))
  for (const [at, text] of texts.entries()) check(answers[at]?.includes(`"${text}"`) === true, `said ${answers[at]}`)
}

async function stops(open: Open): Promise<void> {
  const { model, name } = await open(() => 'word '.repeat(1_000))
  const abort = new AbortController()
  let parts = 0
  const error = await rejects(async () => {
    for await (const part of model.complete({ ...ask(name), signal: abort.signal })) {
      check(!abort.signal.aborted, `gave ${part.type} after it was aborted`)
      if (++parts === 1) abort.abort(new Error('enough'))
    }
  }, 'aborting')
  check(error === abort.signal.reason, `threw ${error}, not the reason`)
  await rejects(() => all(model.complete({ ...ask(name), signal: abort.signal })), 'asking what is aborted already')
}

async function tellsFailures(open: Open): Promise<void> {
  const failures = [new ModelRefused('no such model'), new ModelUnavailable('busy', 3), new ModelUnavailable('down')]
  for (const failure of failures) {
    const { model, name } = await open(() => {
      throw failure
    })
    const error = await rejects(() => all(model.complete(ask(name))), failure.name)
    check((error as Error).name === failure.name, `threw ${error}, not ${failure.name}`)
    const [told, expected] = [error, failure].map((one) => (one as ModelUnavailable).retryAfterSeconds)
    check(told === expected, `may be asked again in ${told}, not ${expected}`)
  }
}

function tool(name: string) {
  return { name, description: `Does ${name}`, input: { type: 'object' } }
}

async function all(parts: AsyncIterable<ModelPart>): Promise<ModelPart[]> {
  const found: ModelPart[] = []
  for await (const part of parts) found.push(part)
  return found
}

function textOf(parts: readonly ModelPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
