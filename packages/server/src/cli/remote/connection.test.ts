import { tagged } from '@pawl/testkit/canary'
import { describe, expect, test } from 'vitest'
import { exits } from '../exits.ts'
import { main } from '../program.ts'
import type { Terminal } from '../terminal.ts'
import { connectionOf } from './connection.ts'

const env = { PAWL_CONFIG_DIR: '/nowhere', PAWL_API_KEY: tagged('1ck_key-of-ada') }
const there = 'http://vault.example.com:8210'

async function run(args: readonly string[], more: Record<string, string> = {}) {
  const errors: string[] = []
  const stopped = async () => {}
  const error = (line: string) => void errors.push(line)
  const terminal: Terminal = { env: { ...env, ...more }, isColoured: false, out: () => {}, error, stopped }
  return { status: await main(args, terminal), errors: errors.join('\n') }
}

describe('plain HTTP', () => {
  test.each([
    ['localhost', 'http://localhost:8210'],
    ['IPv4', 'http://127.0.0.1:8210'],
    ['IPv4 with other digits', 'http://127.1:8210'],
    ['IPv6', 'http://[::1]:8210'],
  ])('carries the credential to this machine by %s', (_, url) => {
    expect(connectionOf(env, url)).toEqual({ url, bearer: env.PAWL_API_KEY })
  })

  test.each([
    'http://vault.example.com',
    'http://10.0.0.7:8210',
    'http://localhost.example.com',
    // Some resolvers ask a name server for it.
    'http://vault.localhost',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@vault.example.com',
    'HTTP://vault.example.com',
    'http://[::ffff:10.0.0.7]',
  ])('carries nothing to %s', (url) => {
    expect(() => connectionOf(env, url)).toThrow('Other machines could read')
    expect(connectionOf({ ...env, PAWL_ALLOW_HTTP: 'on' }, url).url).toBe(url)
  })

  test('is the only protocol that is refused: https reaches other machines', () => {
    expect(connectionOf(env, 'https://vault.example.com').url).toBe('https://vault.example.com')
  })

  test.each([
    ['a command of an operation', ['secret', 'list', '--api-url', there], {}],
    ['the sign-in', ['login', '--api-url', there], {}],
    ['a program with secrets', ['env', 'run', '--api-url', there, '--', 'true'], {}],
    ['a command that only the server knows', ['no-such-thing', '--api-url', there], {}],
    ['an enrolment, whose answer has a key', ['agent', 'enroll', 'a'], { PAWL_URL: there }],
    ['the MCP bridge', ['mcp'], { PAWL_URL: there, PAWL_AGENT_API_KEY: tagged('ocv_key-of-an-agent') }],
  ])('to another machine is refused before anything is sent: %s', async (_, args, more) => {
    const { status, errors } = await run(args, more)
    expect(status).toBe(exits.config)
    expect(errors).toContain('PAWL_ALLOW_HTTP=on')
  })

  test('is set by PAWL_ALLOW_HTTP to on or off, and every other value is an error', async () => {
    const { status, errors } = await run(['secret', 'list'], { PAWL_ALLOW_HTTP: 'yes' })
    expect([status, errors]).toEqual([exits.config, expect.stringContaining('must be one of on, off')])
  })
})
