import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it } from 'vitest'
import { chat, message, type ShroudWorld, shroudWorld } from './world.ts'

// Goal: a secret in pieces does not reach the model: Shroud redacts it or refuses the request (H2, H3, H5). Method: the model joins
// all texts of a request, also the arguments of tool calls, and must not find the value.

const secret = tagged('sk_live_51Hx/Zq+pieces')
const [left, right] = [secret.slice(0, 19), secret.slice(19)]
const thirds = [secret.slice(0, 9), secret.slice(9, 20), secret.slice(20)]

async function secretWorld(config = {}) {
  const world = await shroudWorld({ config })
  await world.put('stripe/key', secret)
  return world
}

/** All texts that a model reads, without the names between them, as letters and digits. */
function readBy({ fake }: ShroudWorld): string {
  const texts: string[] = []
  const note = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.startsWith('{')) note(JSON.parse(value))
      else texts.push(value)
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(note)
  }
  for (const { body } of fake.heard) {
    const { messages = [], contents = [], input = [] } = JSON.parse(body)
    const said = [messages, contents, input].flat()
    said.map(({ content, parts, arguments: args, tool_calls }) => note([content, parts, args, tool_calls]))
  }
  return texts.join('').replace(/[^A-Za-z0-9]/g, '')
}

const dense = secret.replace(/[^A-Za-z0-9]/g, '')

async function expectUnread(world: ShroudWorld, path: string, body: unknown, provider = 'openai') {
  const response = await world.post(path, body, { 'x-shroud-provider': provider })
  expect([200, 403]).toContain(response.status)
  expect(readBy(world)).not.toContain(dense)
  expect(world.fake.hasHeard(secret)).toEqual([])
  return response.status
}

const text = (one: string) => ({ type: 'text', text: one })
const path = '/v1/chat/completions'
const said = (role: string, content: string) => ({ role, content })

describe('a secret in pieces', () => {
  it.each([
    ['two parts of a message', path, chat([text(`It is ${left}`), text(`${right}, I think.`)]), 'openai'],
    ['three parts of a message', path, chat(thirds.map(text)), 'openai'],
    ['one part for each character', path, chat([...secret].map(text)), 'openai'],
    ['two messages', path, { ...chat(''), messages: [said('user', left), said('user', right)] }, 'openai'],
    ['messages of two roles', path, { ...chat(''), messages: [said('system', left), said('user', right)] }, 'openai'],
    ['blocks of a message', '/v1/messages', message([text(left), text(right)]), 'anthropic'],
    [
      'blocks of the result of a tool',
      '/v1/messages',
      message([{ type: 'tool_result', tool_use_id: 't', content: [text(left), text(right)] }]),
      'anthropic',
    ],
    [
      'parts for Google',
      '/v1beta/models/fake:generateContent',
      { contents: [{ role: 'user', parts: [{ text: left }, { text: right }] }] },
      'google',
    ],
    [
      'items of a response',
      '/v1/responses',
      { model: 'fake', input: [said('user', left), said('user', right)] },
      'openai',
    ],
  ])('H2: over %s does not reach the model, whatever the settings', async (_, to, body, provider) => {
    await using world = await secretWorld()
    expect(await expectUnread(world, to, body, provider)).toBe(200)
    expect(world.fake.heard[0]?.body).toContain('[REDACTED:#')
  })

  const called = (args: unknown, id = 'c') => ({
    ...{ id, type: 'function' },
    function: { name: 'f', arguments: JSON.stringify(args) },
  })
  const calling = (...calls: object[]) => ({
    ...chat(''),
    messages: [
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'c', content: 'ok' },
    ],
  })
  const advanced = { advanced_redaction: { enabled: true, detect_split_secrets: true } }

  it.each([
    ['spaces between the letters', chat([...secret].join(' '))],
    ['a line for each letter', chat([...secret].join('\n'))],
    ['quotes and signs between', chat(`"${left}" + "${right}"`)],
    ['the letters backwards', chat([...secret].reverse().join(''))],
    ['two arguments of a tool', calling(called({ first: left, second: right }))],
    ['a list of an argument', calling(called({ all: thirds }))],
    ['arguments inside others', calling(called({ a: { b: left }, c: [{ d: right }] }))],
    ['the calls of two tools', calling(called({ a: left }), called({ a: right }, 'd'))],
    ['names with escapes', calling(called({ 'a"b': left, 'c\\': right }))],
  ])('H5: with %s does not reach the model, if the settings look for that', async (_, body) => {
    await using world = await secretWorld(advanced)
    await expectUnread(world, path, body)
  })
})

describe('a secret in base64', () => {
  it.each([0, 1, 2])('H5: after %d other bytes does not reach the model', async (before) => {
    await using world = await secretWorld()
    for (const after of ['', 'x', 'xy']) {
      const bytes = Buffer.from(`${'x'.repeat(before)}${secret}${after}`)
      for (const form of ['base64', 'base64url'] as const) {
        expect((await world.post(path, chat(`The header is ${bytes.toString(form)}.`))).status).toBe(200)
        expect(world.fake.heard.at(-1)?.body).toMatch(/\[REDACTED:/)
      }
    }
    expect(world.fake.hasHeard(secret)).toEqual([])
  })
})

describe('a secret in escapes', () => {
  const each = (write: (code: number) => string) => [...secret].map((one) => write(one.charCodeAt(0))).join('')
  const hex = (code: number, length: number) => code.toString(16).padStart(length, '0')

  it.each([
    ['\\u0041', each((code) => `\\u${hex(code, 4)}`)],
    ['\\U00000041', each((code) => `\\U${hex(code, 8)}`)],
    ['\\u{41}', each((code) => `\\u{${hex(code, 0)}}`)],
    ['\\x41', each((code) => `\\x${hex(code, 2)}`)],
    ['%41', each((code) => `%${hex(code, 2)}`)],
    ['&#65;', each((code) => `&#${code};`)],
    ['&#x41;', each((code) => `&#x${hex(code, 0)};`)],
    ['\\101', each((code) => `\\${code.toString(8).padStart(3, '0')}`)],
    ['\\\\x41', each((code) => `\\\\x${hex(code, 2)}`)],
    ['%2541', each((code) => `%25${hex(code, 2)}`)],
    ['&#00000065;', each((code) => `&#00000${code};`)],
    ['&#x0000041;', each((code) => `&#x00000${hex(code, 2)};`)],
    ['0x41 0x42', each((code) => `0x${hex(code, 2)} `)],
    ['0x41, 0x42', each((code) => `0x${hex(code, 2)}, `)],
    ['41, 42', each((code) => `${hex(code, 2)}, `)],
    ['41 42', each((code) => `${hex(code, 2)} `)],
    ['41:42', each((code) => `${hex(code, 2)}:`).slice(0, -1)],
    ['some \\u0041', [...secret].map((one, at) => (at % 3 ? one : `\\u${hex(one.charCodeAt(0), 4)}`)).join('')],
    ['some %41', [...secret].map((one, at) => (at % 3 ? one : `%${hex(one.charCodeAt(0), 2)}`)).join('')],
    ['fullwidth letters', each((code) => String.fromCodePoint(code + 0xfee0))],
    [
      'mathematical letters',
      [...secret]
        .map((one) => (/[a-z]/.test(one) ? String.fromCodePoint(0x1d41a + one.charCodeAt(0) - 97) : one))
        .join(''),
    ],
    ['soft hyphens between', [...secret].join('\u00ad')],
    ['tags between', [...secret].join('\u{e0041}')],
    ['marks of the direction', `\u202e${secret}\u202c`],
  ])('H5: written as %s does not reach the model', async (_, written) => {
    await using world = await secretWorld()
    const { status } = await world.post(path, chat(`The key is "${written}", is it not?`))
    expect([200, 403]).toContain(status)
    if (status === 200) expect(world.fake.heard[0]?.body).toContain('[REDACTED:')
  })
})
