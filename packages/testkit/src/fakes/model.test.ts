import { ModelRefused, ModelUnavailable } from '@pawl/core/ports'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../../../tools/test-run/eventually.ts'
import { tagged } from '../canary/index.ts'
import { type FakeModel, startFakeModel } from './model.ts'

const call = { tool: 'get_secret', input: { path: 'db/password' } }

function post({ url }: FakeModel, path: string, body: object) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' }
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

const chat = { model: 'fake', messages: [{ role: 'user', content: 'Hi' }] }
const message = { ...chat, max_tokens: 100 }

/** The data of every frame. */
async function framesOf(response: Response) {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '))
  return lines.map((line) => (line === 'data: [DONE]' ? 'done' : JSON.parse(line.slice(6))))
}

describe('a fake model that speaks as OpenAI does', () => {
  it('answers in one piece', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'Look:', calls: [call] }] })
    expect(await (await post(model, '/v1/chat/completions', chat)).json()).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          message: {
            role: 'assistant',
            content: 'Look:',
            tool_calls: [{ id: 'call_1', function: { name: 'get_secret', arguments: '{"path":"db/password"}' } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { completion_tokens: 2 },
    })
  })

  it('streams, with tool calls in pieces', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'One two', calls: [call] }] })
    const frames = await framesOf(await post(model, '/v1/chat/completions', { ...chat, stream: true }))
    const deltas = frames.flatMap((frame) => frame.choices?.[0]?.delta ?? [])
    expect(deltas.map(({ content = '' }) => content).join('')).toBe('One two')
    const input = deltas.flatMap(({ tool_calls = [] }) => tool_calls).map((one) => one.function.arguments)
    expect(input.length).toBeGreaterThan(2)
    expect(JSON.parse(input.join(''))).toEqual(call.input)
    expect(frames.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } })
    expect(frames.at(-1)).toBe('done')
  })

  it('understands what it is sent', async () => {
    await using model = await startFakeModel({ reply: () => 'ok' })
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'done' },
    ]
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
    await post(model, '/v1/chat/completions', { ...chat, messages, tools, max_tokens: 5 })
    const { signal: _, ...asked } = model.asked[0] ?? {}
    expect(asked).toEqual({
      model: 'fake',
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', tool: 'f', input: { a: 1 } }] },
        { role: 'user', parts: [{ type: 'tool_result', id: 'c', text: 'done' }] },
      ],
      tools: [{ name: 'f', description: '', input: { type: 'object' } }],
      outputTokensMax: 5,
    })
  })
})

describe('a fake model that speaks as Anthropic does', () => {
  it('answers in one piece', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'Look:', calls: [call] }] })
    expect(await (await post(model, '/v1/messages', message)).json()).toMatchObject({
      type: 'message',
      content: [
        { type: 'text', text: 'Look:' },
        { type: 'tool_use', id: 'call_1', name: 'get_secret', input: call.input },
      ],
      stop_reason: 'tool_use',
      usage: { output_tokens: 2 },
    })
  })

  it('streams in blocks that begin and end', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'One two', calls: [call, call] }] })
    const frames = await framesOf(await post(model, '/v1/messages', { ...message, stream: true }))
    const starts = frames.filter(({ type }) => type === 'content_block_start').map(({ index }) => index)
    const stops = frames.filter(({ type }) => type === 'content_block_stop').map(({ index }) => index)
    expect([starts, stops]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ])
    const deltas = frames.filter(({ type }) => type === 'content_block_delta')
    expect(deltas.map(({ delta }) => delta.text ?? '').join('')).toBe('One two')
    const second = deltas.filter(({ index }) => index === 2).map(({ delta }) => delta.partial_json)
    expect(JSON.parse(second.join(''))).toEqual(call.input)
    expect(frames.map(({ type }) => type).slice(-2)).toEqual(['message_delta', 'message_stop'])
  })

  it('understands what it is sent', async () => {
    await using model = await startFakeModel({ reply: () => 'ok' })
    const messages = [
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'done' }] },
    ]
    await post(model, '/v1/messages', { ...message, system: 'Be brief.', messages })
    expect(model.asked[0]?.messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', tool: 'f', input: { a: 1 } }] },
      { role: 'user', parts: [{ type: 'tool_result', id: 'c', text: 'done' }] },
    ])
  })
})

describe('a fake model that speaks as OpenAI does in responses', () => {
  const asked = { model: 'fake', instructions: 'Be brief.', input: 'Hi' }

  it('answers in one piece', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'Look:', calls: [call] }] })
    expect(await (await post(model, '/v1/responses', asked)).json()).toMatchObject({
      object: 'response',
      status: 'completed',
      output: [
        { type: 'message', content: [{ type: 'output_text', text: 'Look:' }] },
        { type: 'function_call', call_id: 'call_1', name: 'get_secret', arguments: JSON.stringify(call.input) },
      ],
      usage: { output_tokens: 2 },
    })
  })

  it('streams events in their order, each with its number', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'One two', calls: [call] }] })
    const events = await framesOf(await post(model, '/v1/responses', { ...asked, stream: true }))
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at))
    const joined = (type: string) => events.flatMap((event) => (event.type === type ? [event.delta] : [])).join('')
    expect(joined('response.output_text.delta')).toBe('One two')
    expect(JSON.parse(joined('response.function_call_arguments.delta'))).toEqual(call.input)
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { usage: { output_tokens: 3 } } })
  })

  it('understands what it is sent', async () => {
    await using model = await startFakeModel({ reply: () => 'ok' })
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'c', output: 'done' },
    ]
    await post(model, '/v1/responses', { ...asked, input, max_output_tokens: 5 })
    const { signal: _, ...heard } = model.asked[0] ?? {}
    expect(heard).toEqual({
      model: 'fake',
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', tool: 'f', input: { a: 1 } }] },
        { role: 'user', parts: [{ type: 'tool_result', id: 'c', text: 'done' }] },
      ],
      outputTokensMax: 5,
    })
  })
})

describe('a fake model that speaks as Google does', () => {
  const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }]

  it('answers in one piece', async () => {
    await using model = await startFakeModel({ reply: [{ text: 'Look:', calls: [call] }] })
    expect(await (await post(model, '/v1beta/models/fake:generateContent', { contents })).json()).toMatchObject({
      candidates: [
        {
          content: { parts: [{ text: 'Look:' }, { functionCall: { name: 'get_secret', args: call.input } }] },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { candidatesTokenCount: 2 },
    })
  })

  it('streams', async () => {
    await using model = await startFakeModel({ reply: ['One two'] })
    const path = '/v1beta/models/fake:streamGenerateContent?alt=sse'
    const frames = await framesOf(await post(model, path, { contents }))
    const parts = frames.flatMap((frame) => frame.candidates[0].content.parts)
    expect(parts.map(({ text }) => text).join('')).toBe('One two')
    expect(frames.at(-1)).toMatchObject({ usageMetadata: { candidatesTokenCount: 2 } })
  })

  it('understands what it is sent', async () => {
    await using model = await startFakeModel({ reply: () => 'ok' })
    const told = [
      ...contents,
      { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { b: 2 } } }] },
    ]
    const systemInstruction = { parts: [{ text: 'Be brief.' }] }
    const tools = [{ functionDeclarations: [{ name: 'f', parameters: { type: 'object' } }] }]
    const generationConfig = { maxOutputTokens: 5 }
    const body = { contents: told, systemInstruction, tools, generationConfig }
    await post(model, '/v1beta/models/small:generateContent', body)
    const { signal: _, ...heard } = model.asked[0] ?? {}
    expect(heard).toEqual({
      model: 'small',
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'f', tool: 'f', input: { a: 1 } }] },
        { role: 'user', parts: [{ type: 'tool_result', id: 'f', text: '{"b":2}' }] },
      ],
      tools: [{ name: 'f', description: '', input: { type: 'object' } }],
      outputTokensMax: 5,
    })
  })
})

describe('a stream of a fake model', () => {
  const streamed = { ...chat, stream: true }

  it('comes in deltas and in bytes as it is told to', async () => {
    await using model = await startFakeModel({ reply: ['é🎉 x'], deltaCharacters: 1, writeBytes: 1 })
    const frames = await framesOf(await post(model, '/v1/chat/completions', streamed))
    const deltas = frames.flatMap((frame) => frame.choices?.[0]?.delta?.content || [])
    expect(deltas).toEqual(['é', '🎉', ' ', 'x'])
  })

  it('waits before each delta, and is cut off where it is told to fail', async () => {
    const paced: number[] = []
    await using model = await startFakeModel({
      reply: () => 'one two three',
      pace: (delta) => {
        paced.push(delta)
        if (delta === 2) throw new Error('enough')
      },
    })
    await expect((await post(model, '/v1/chat/completions', streamed)).text()).rejects.toThrow()
    expect(paced).toEqual([0, 1, 2])
  })

  it('that hangs is left by its reader, and says so', async () => {
    await using model = await startFakeModel({ reply: () => 'one two', pace: () => new Promise(() => {}) })
    const leaving = new AbortController()
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(streamed)
    await fetch(`${model.url}/v1/chat/completions`, { method: 'POST', headers, body, signal: leaving.signal })
    leaving.abort()
    await eventually(() => expect(model.abandoned).toBe(1))
  })
})

describe('any fake model', () => {
  it('tells in which ways a text has reached it, be it in a header or in a message', async () => {
    await using model = await startFakeModel({ reply: () => 'ok' })
    const secret = tagged('hunter"2')
    await post(model, '/v1/chat/completions', chat)
    expect(model.hasHeard(secret)).toEqual([])
    const told = `It is ${Buffer.from(secret).toString('base64')}.`
    await post(model, '/v1/chat/completions', { ...chat, messages: [{ role: 'user', content: told }] })
    expect(model.hasHeard(secret)).toEqual(['in base64'])
    await post(model, '/v1/messages', { ...message, system: secret })
    expect(model.hasHeard(secret)).toContain('in clear')
    expect(model.hasHeard('sk-test')).toEqual(['in clear'])
  })

  it('fails as it is told to', async () => {
    const errors = [new ModelRefused('no'), new ModelUnavailable('down'), new ModelUnavailable('slow', 7)]
    await using model = await startFakeModel({
      reply: () => {
        throw errors.shift()
      },
    })
    const statuses: (number | string | null)[] = []
    for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/messages']) {
      const response = await post(model, path, { ...message, stream: true })
      statuses.push(response.status, response.headers.get('retry-after'))
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } })
    }
    expect(statuses).toEqual([400, null, 503, null, 429, '7'])
  })

  it('names its models, and knows no other routes and no nonsense', async () => {
    await using model = await startFakeModel({ reply: [], models: ['small', 'large'] })
    const { data } = (await (await fetch(`${model.url}/v1/models`)).json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(['small', 'large'])
    expect((await fetch(`${model.url}/v1/else`)).status).toBe(404)
    expect((await fetch(`${model.url}/v1/messages`, { method: 'POST', body: '{}' })).status).toBe(400)
  })
})
