import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { type ShroudWorld, shroudWorld } from './world.ts'

// Goal: agents that use the official SDKs change a base URL and headers, and nothing else. Method: the SDKs as they are
// published, through Shroud, to a model on this machine.

const openai = ({ url, headers }: ShroudWorld) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', defaultHeaders: headers, maxRetries: 0 })

const anthropic = ({ url, headers }: ShroudWorld) =>
  new Anthropic({
    baseURL: url,
    apiKey: 'unused',
    defaultHeaders: { ...headers, 'x-shroud-provider': 'anthropic' },
    maxRetries: 0,
  })

const tool = { name: 'get_weather', description: 'Tells the weather of a city.' }
const schema = { type: 'object' as const, properties: { city: { type: 'string' } } }
const calls = [{ tool: 'get_weather', input: { city: 'Bern' } }]
const hello = [{ role: 'user' as const, content: 'Hello?' }]

describe('the SDK of OpenAI', () => {
  it('chats', async () => {
    await using world = await shroudWorld()
    const answer = await openai(world).chat.completions.create({ model: 'fake', messages: hello })
    expect(answer.choices[0]?.message.content).toBe('Hello there.')
    expect(answer.usage?.completion_tokens).toBe(2)
    expect(world.fake.heard[0]?.headers.authorization).toBe('Bearer key-of-openai')
  })

  it('streams a chat, and gets the numbers only when it asks for them', async () => {
    await using world = await shroudWorld({ reply: () => 'One two three four.', deltaCharacters: 3 })
    for (const wantsUsage of [false, true]) {
      const stream = await openai(world).chat.completions.create({
        ...{ model: 'fake', messages: hello, stream: true },
        ...(wantsUsage ? { stream_options: { include_usage: true } } : {}),
      })
      let text = ''
      let usage = 0
      for await (const chunk of stream) {
        if (!wantsUsage) expect(chunk.choices).not.toEqual([])
        text += chunk.choices[0]?.delta.content ?? ''
        usage = chunk.usage?.completion_tokens ?? usage
      }
      expect([text, usage]).toEqual(['One two three four.', wantsUsage ? 4 : 0])
    }
  })

  it('calls tools, in one piece and streamed', async () => {
    await using world = await shroudWorld({ reply: () => ({ text: 'Look: ', calls }) })
    const request = {
      ...{ model: 'fake', messages: hello },
      tools: [{ type: 'function' as const, function: { ...tool, parameters: schema } }],
    }
    const whole = await openai(world).chat.completions.create(request)
    const called = { name: 'get_weather', arguments: '{"city":"Bern"}' }
    expect(whole.choices[0]?.message.tool_calls).toMatchObject([{ function: called }])
    const streamed = openai(world).chat.completions.stream({ ...request, stream: true })
    expect((await streamed.finalChatCompletion()).choices[0]).toMatchObject({
      message: { content: 'Look: ', tool_calls: [{ function: called }] },
      finish_reason: 'tool_calls',
    })
  })

  it('asks for responses, in one piece and streamed', async () => {
    await using world = await shroudWorld({ reply: () => ({ text: 'Look here: ', calls }), deltaCharacters: 2 })
    const request = {
      ...{ model: 'fake', input: 'Hello?' },
      tools: [{ type: 'function' as const, ...tool, parameters: schema, strict: false }],
    }
    const whole = await openai(world).responses.create(request)
    expect(whole.output_text).toBe('Look here: ')
    const final = await openai(world).responses.stream(request).finalResponse()
    expect(final.output_text).toBe('Look here: ')
    expect(final.output[1]).toMatchObject({ type: 'function_call', arguments: '{"city":"Bern"}' })
  })

  it('gets the errors of the provider and of Shroud as errors', async () => {
    await using world = await shroudWorld({ config: { allowed_models: ['other'] } })
    const refused = openai(world).chat.completions.create({ model: 'fake', messages: hello })
    await expect(refused).rejects.toMatchObject({ status: 403, code: 'shroud_not_allowed' })
  })
})

describe('the SDK of Anthropic', () => {
  it('sends messages', async () => {
    await using world = await shroudWorld()
    const answer = await anthropic(world).messages.create({ model: 'fake', max_tokens: 50, messages: hello })
    expect(answer.content).toMatchObject([{ type: 'text', text: 'Hello there.' }])
    expect(world.fake.heard[0]?.headers).toMatchObject({ 'x-api-key': 'key-of-anthropic' })
  })

  it('streams messages and tool calls', async () => {
    await using world = await shroudWorld({ reply: () => ({ text: 'Look here: ', calls }), deltaCharacters: 2 })
    const stream = anthropic(world).messages.stream({
      ...{ model: 'fake', max_tokens: 50, messages: hello },
      tools: [{ ...tool, input_schema: schema }],
    })
    let text = ''
    stream.on('text', (delta) => {
      text += delta
    })
    const final = await stream.finalMessage()
    expect(text).toBe('Look here: ')
    expect(final).toMatchObject({
      content: [{ text: 'Look here: ' }, { type: 'tool_use', input: { city: 'Bern' } }],
      stop_reason: 'tool_use',
      usage: { output_tokens: 3 },
    })
  })

  it('gets a refusal as an error', async () => {
    await using world = await shroudWorld({ config: { denied_models: ['fake'] } })
    const refused = anthropic(world).messages.create({ model: 'fake', max_tokens: 50, messages: hello })
    await expect(refused).rejects.toMatchObject({ status: 403 })
  })
})
