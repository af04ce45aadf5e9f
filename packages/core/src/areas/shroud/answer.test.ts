import { describe, expect, it } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { nobleCrypto } from '../../ports/reference/index.ts'
import { AnswerFilters } from './answer.ts'
import { knownSecretsOf } from './redaction/known-secrets.ts'
import { settingsOf } from './settings.ts'

// Goal: a placeholder that a model writes becomes the value only where a binding of the agent says so (item 8). Method: calls
// of tools as models make them, whole and streamed, with the placeholder in every place but the right one.

const value = 'hunter22-of-the-bank'
const secretOf = (path: string, text: string) => ({
  ...{ vaultId: 'v', secretId: path, path, value: Secret.of(text), searched: [Secret.of(text)] },
})
const keyOfOrg = (byte: number) => ({ key: new Uint8Array(32).fill(byte), crypto: nobleCrypto })
const known = knownSecretsOf([secretOf('bank/key', value)], keyOfOrg(0))
const placeholder = known.references.redactor.whole(value).text

const byArgument = { tool: 'http', argument: 'headers.auth' }
const byDestination = { destination: 'api.bank.example' }

function called(bindings: readonly object[], tool: string, args: unknown): string {
  const config = { tool_bindings: bindings as never, network_detection: { enabled: false } }
  const filters = new AnswerFilters(settingsOf(config), known, 0)
  const text = filters.call(tool, JSON.stringify(args))
  const whole = filters.whole({
    choices: [{ message: { tool_calls: [{ function: { name: tool, arguments: JSON.stringify(args) } }] } }],
  })
  expect(JSON.stringify(whole).includes(value)).toBe(text.includes(value))
  return text
}

describe('a placeholder in the call of a tool', () => {
  it.each([
    ['the named argument of the named tool', [byArgument], 'http', { headers: { auth: `Bearer ${placeholder}` } }],
    [
      'an argument that is named by a JSON pointer',
      [{ tool: 'http', argument: '/headers/x.auth' }],
      'http',
      { headers: { 'x.auth': placeholder } },
    ],
    [
      'a call to the named destination',
      [byDestination],
      'any',
      { url: 'https://API.bank.example/v1', key: placeholder },
    ],
    [
      'a call to a host under it',
      [{ destination: '*.example' }],
      'any',
      { host: 'api.bank.example:443', key: placeholder },
    ],
    [
      'the argument, the tool and the destination that are named together',
      [{ ...byArgument, ...byDestination }],
      'http',
      { url: 'https://api.bank.example/', headers: { auth: placeholder } },
    ],
  ])('becomes the value in %s', (_, bindings, tool, args) => {
    expect(called(bindings, tool, args)).toContain(value)
  })

  it.each([
    ['another argument', [byArgument], 'http', { headers: { other: placeholder } }],
    ['an argument whose name looks like the path', [byArgument], 'http', { 'headers.auth': placeholder }],
    ['an argument below the named one', [byArgument], 'http', { headers: { auth: [placeholder] } }],
    ['the name of an argument', [byArgument], 'http', { headers: { auth: 'x', [placeholder]: 'x' } }],
    ['another tool', [byArgument], 'mail', { headers: { auth: placeholder } }],
    ['a tool whose name differs in case', [byArgument], 'HTTP', { headers: { auth: placeholder } }],
    ['a call to another host', [byDestination], 'any', { url: 'https://evil.example/', key: placeholder }],
    ['a call without a host', [byDestination], 'any', { key: placeholder }],
    [
      'a call that names two hosts',
      [byDestination],
      'any',
      { url: 'https://evil.example/', note: 'https://api.bank.example/', key: placeholder },
    ],
    [
      'a call that names another host without a scheme',
      [byDestination],
      'any',
      { host: 'evil.example', note: 'https://api.bank.example/', key: placeholder },
    ],
    ['a URL with a user', [byDestination], 'any', { url: 'https://api.bank.example@evil.example/', key: placeholder }],
    [
      'a URL with a backslash',
      [byDestination],
      'any',
      { url: 'https://api.bank.example\\@evil.example/', key: placeholder },
    ],
    [
      'a host that only begins like it',
      [byDestination],
      'any',
      { url: 'https://api.bank.example.evil.example/', key: placeholder },
    ],
    [
      'the named argument of a call to another host',
      [{ ...byArgument, ...byDestination }],
      'http',
      { url: 'https://evil.example/', headers: { auth: placeholder } },
    ],
  ])('stays in %s', (_, bindings, tool, args) => {
    expect(called(bindings, tool, args)).not.toContain(value)
  })

  it('stays when it is the placeholder of an agent with other secrets, or of another organisation', () => {
    const elsewhere = [
      knownSecretsOf([secretOf('bank/other', value)], keyOfOrg(0)),
      knownSecretsOf([secretOf('bank/key', value)], keyOfOrg(1)),
    ]
    for (const other of elsewhere) {
      const foreign = other.references.redactor.whole(value).text
      expect(foreign).not.toBe(placeholder)
      expect(called([byArgument], 'http', { headers: { auth: foreign } })).toContain(foreign)
    }
  })

  it('that stays is told to the operator, without its text', () => {
    const filters = new AnswerFilters(settingsOf({ tool_bindings: [byArgument] }), known, 0)
    filters.call('mail', JSON.stringify({ to: placeholder }))
    expect(filters.seen.findings).toContainEqual(
      expect.objectContaining({ detector: 'secret_redaction', rule: 'placeholder_not_bound', action: 'warn' }),
    )
    expect(JSON.stringify(filters.seen)).not.toContain(placeholder)
  })

  it('stays in arguments that are no JSON, and a call without arguments is passed on', () => {
    const filters = new AnswerFilters(settingsOf({ tool_bindings: [byArgument] }), known, 0)
    expect(filters.call('http', '')).toBe('')
    expect(filters.call('http', `{"headers":{"auth":"${placeholder}"}`)).not.toContain(value)
  })

  it('stays in words of the model, streamed and whole', () => {
    const filters = new AnswerFilters(settingsOf({ tool_bindings: [byArgument, byDestination] }), known, 0)
    const text = `Call https://api.bank.example/ with ${placeholder}.`
    expect(filters.text('0', text) + filters.end('0')).toBe(text)
    expect(JSON.stringify(filters.whole({ choices: [{ message: { content: text } }] }))).not.toContain(value)
  })
})
