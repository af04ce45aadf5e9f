import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { nodeEgress } from '@pawl/adapters/egress/node'
import type { Message } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testMailer } from '@pawl/testkit/conformance'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { httpMailer } from './http-mailer.ts'

const key = tagged('api-key')
const from = 'vault@example.com'
const message: Message = { id: 'share-1', to: 'ann@example.com', subject: 'Hello', text: 'The text.\n' }

/** The API, on this machine: it takes a message once, and repeats all it was sent when it does not. */
const taken = new Map<string, Message>()
let isDown = false
const server = createServer(async (request, response) => {
  const { from: sender, ...body } = (await json(request)) as Omit<Message, 'id'> & { from: string }
  const { authorization, 'idempotency-key': id } = request.headers
  const isRight = authorization === `Bearer ${key}` && sender === from && !isDown
  if (isRight) taken.set(`${id}`, { id: `${id}`, ...body })
  response.writeHead(isRight ? 202 : 503).end(isRight ? '' : JSON.stringify({ authorization, body }))
})
let origin = ''

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  taken.clear()
  isDown = false
})
afterAll(() => void server.close())

const open = () => ({
  mailer: httpMailer({ egress: nodeEgress({ allow: [origin] }), url: `${origin}/messages`, key, from }),
  delivered: async () => [...taken.values()],
})

testMailer('httpMailer', open, { describe, it })

describe('httpMailer', () => {
  it('sends a message again under the same id, so that it arrives once', async () => {
    const { mailer, delivered } = open()
    await mailer.send(message)
    await mailer.send(message)
    expect(await delivered()).toEqual([message])
  })

  it('says with which status a message was refused, and nothing else that the API said', async () => {
    isDown = true
    const error: unknown = await open()
      .mailer.send(message)
      .catch((thrown) => thrown)
    expect(error).toMatchObject({ message: `${new URL(origin).host} did not take the message (503).` })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key)
  })

  it('calls nobody whom the operator did not allow', async () => {
    const mailer = httpMailer({ egress: nodeEgress({ allow: [] }), url: `${origin}/messages`, key, from })
    await expect(mailer.send(message)).rejects.toThrow('PAWL_EGRESS_ALLOW')
    expect(taken.size).toBe(0)
  })
})
