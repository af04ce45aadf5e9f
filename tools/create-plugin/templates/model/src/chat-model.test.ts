import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { type ModelPart, type ModelRequest, ModelUnavailable } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testModel } from '@pawl/testkit/conformance'
import { startFakeModel } from '@pawl/testkit/fakes'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chatModel } from './chat-model.ts'

const key = tagged('api-key')
const request: ModelRequest = { model: 'fake', messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }] }

testModel(
  'chatModel',
  async (reply) => {
    const fake = await startFakeModel({ reply })
    return { model: chatModel({ url: `${fake.url}/v1`, key }), name: 'fake', close: fake.close }
  },
  { describe, it },
)

/** A model on a server that answers every request so. */
async function on(answer: RequestListener) {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return chatModel({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, key })
}

describe('chatModel', () => {
  it('ends the request when nobody wants more of the answer', async () => {
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const model = await on((_, response) => {
      response.once('close', end)
      response.writeHead(200).write('data: {"choices":[{"delta":{"content":"One"}}]}\n\n')
    })
    for await (const part of model.complete(request)) {
      expect(part).toEqual({ type: 'text', text: 'One' })
      break
    }
    await ended
  })

  it('takes half an answer for none', async () => {
    const model = await on((_, response) => response.end('data: {"choices":[{"delta":{"content":"One"}}]}\n\n'))
    await expect(all(model.complete(request))).rejects.toThrow(ModelUnavailable)
  })

  it('gives no tool call that did not fit', async () => {
    const call = { index: 0, id: 'c1', function: { name: 'pay', arguments: '{"amount":1' } }
    const choice = { delta: { tool_calls: [call] }, finish_reason: 'length' }
    const model = await on((_, response) => response.end(`data: ${JSON.stringify({ choices: [choice] })}\r\n\r\n`))
    expect(await all(model.complete(request))).toEqual([
      { type: 'end', because: 'length', inputTokens: 0, outputTokens: 0 },
    ])
  })

  it('shows nobody its key, though the provider repeats it, and sends it nowhere else', async () => {
    const repeating = await on((asked, response) => response.writeHead(401).end(asked.headers.authorization))
    const heard: unknown[] = []
    const elsewhere = await on((asked, response) => {
      heard.push(asked.url)
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    for (const model of [repeating, elsewhere]) {
      const error: unknown = await all(model.complete(request)).catch((thrown) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key)
    }
    expect(heard).toEqual(['/v1/chat/completions'])
  })
})

async function all(parts: AsyncIterable<ModelPart>): Promise<ModelPart[]> {
  const found: ModelPart[] = []
  for await (const part of parts) found.push(part)
  return found
}
