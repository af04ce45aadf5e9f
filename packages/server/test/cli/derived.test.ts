import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnyOperation, operation, registry } from '@pawl/core'
import { operationsOf, originOf, revealed } from '@pawl/core/surfaces'
import { type Example, examples, testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { some } from '../../../../tools/test-run/index.ts'
import { ownCommands } from '../../src/cli/manifest.ts'
import { main } from '../../src/cli/program.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { type CommandSpec, commandsOf, type FieldSpec } from '../../src/derive/commands.ts'
import { nodeListener, type Served } from '../../src/http/index.ts'
import { withBearers } from '../transports.ts'

// Goal: every operation can be used from the command line, with nobody writing a test for it. Method: each is asked for its
// example twice, in two worlds that are made from the same seed, once in-process and once in words.

type Examples = Readonly<Record<string, Readonly<Record<string, (world: World) => Promise<Example>>>>>

function exampleOf({ operation }: CommandSpec, world: World): Promise<Example> {
  const [area = '', verb = ''] = operation.split('.')
  return (examples as Examples)[area]?.[verb]?.(world) ?? Promise.reject(new Error(`no example for ${operation}`))
}

/** What somebody would type, and what would come in, for an input. */
function typedFor({ command, fields, positionals }: CommandSpec, input: Example['input']) {
  const given = fields.filter(({ name }) => input[name] !== undefined)
  const textOf = ({ name, type }: FieldSpec) =>
    type === 'list' || type === 'json' ? JSON.stringify(input[name]) : String(input[name] ?? '')
  const flags = given.filter(({ name, isSecret }) => !isSecret && !positionals.includes(name))
  const secrets = given.filter(({ isSecret }) => isSecret)
  const placed = positionals.flatMap((name) => given.find((field) => field.name === name) ?? [])
  return {
    args: [
      ...command.split(' '),
      ...placed.map(textOf),
      ...flags.map((field) => `--${field.flag}=${textOf(field)}`),
      ...secrets.map(({ flag }) => `--${flag}`),
    ],
    input: secrets.map(textOf).join('\n'),
  }
}

/** What the caller shows. */
function tokenOf(isTrusted: boolean, who: Example['who']): { readonly PAWL_TOKEN?: string } {
  if (isTrusted) return { PAWL_TOKEN: 'them' }
  if (typeof who === 'string') return { PAWL_TOKEN: who }
  return typeof who === 'object' && 'bearer' in who && who.bearer ? { PAWL_TOKEN: who.bearer } : {}
}

async function inWords(spec: CommandSpec, world: World, { who, input }: Example, more: readonly string[] = []) {
  const isTrusted = typeof who === 'object' && ('user' in who || 'agent' in who)
  const served = withBearers(world.pawl, isTrusted ? { them: who } : {})
  const typed = typedFor(spec, input)
  const said: string[] = []
  const env = { PAWL_CONFIG_DIR: '/nowhere', ...tokenOf(isTrusted, who) }
  const server = await listening(served, world.clock.now)
  const terminal: Terminal = {
    env: { ...env, PAWL_URL: server.url },
    isColoured: false,
    out: (line) => void said.push(line),
    error: (line) => void said.push(line),
    input: async () => typed.input,
    stopped: async () => {},
  }
  try {
    const sure = /delete|remove/.test(spec.command) ? ['--yes'] : []
    const status = await main([...typed.args, '--json', ...sure, ...more], terminal)
    return { status, said: said.join('\n') }
  } finally {
    await server.close()
  }
}

async function listening(pawl: Served, now: () => number) {
  const server = createServer(nodeListener(pawl, { now }))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

describe.each(some('commands that are compared with their operation', 6, ownCommands()))('pawl $command', (spec) => {
  test('does and says what the operation does in-process', async () => {
    await using here = await testPawl()
    await using there = await testPawl()
    const asked = await exampleOf(spec, here)
    const alike = await exampleOf(spec, there)
    const performed = operationsOf(registry).find(({ name }) => name === spec.operation) as AnyOperation
    const output = await here.pawl.perform(performed, asked.input, originOf(asked.who))
    const { status, said } = await inWords(spec, there, alike)
    // A test event that does not arrive is a failure to scripts.
    const isFailure = (output as { readonly delivered?: boolean } | undefined)?.delivered === false
    expect([status, said]).toEqual([isFailure ? 1 : 0, expect.any(String)])
    expect(JSON.parse(said)).toEqual(JSON.parse(JSON.stringify(revealed(output, performed.reveals ?? []) ?? {})))
  })
})

test('a call that is given a key is made once', async () => {
  const spec = ownCommands().find(({ isIdempotent }) => isIdempotent) as CommandSpec
  await using world = await testPawl()
  const asked = await exampleOf(spec, world)
  const call = (key: string) => inWords(spec, world, asked, [`--idempotency-key=${key}`])
  const [first, again, other] = [await call('a'), await call('a'), await call('b')]
  expect(again).toEqual(first)
  expect(other.said).not.toBe(first.said)
  expect(other.status).toBe(0)
})

describe('the commands', () => {
  test('are those of the registry', () => {
    expect(ownCommands()).toEqual(commandsOf(registry))
  })

  test('of an area of somebody else’s are found where it is served', async () => {
    const add = operation({
      name: 'notes.add',
      summary: 'Keep a note.',
      http: { method: 'POST', path: '/v1/notes', status: 201, id: 'addNote', tag: 'Notes' },
      command: { positionals: ['text'] },
      effect: 'write',
      access: 'public',
      audit: 'none',
      input: z.object({ text: z.string(), tags: z.array(z.string()).optional() }),
      output: z.object({ text: z.string(), count: z.int() }),
      errors: [],
      run: (_, { text, tags = [] }) => ({ text, count: tags.length }),
    })
    await using world = await testPawl({ areas: [{ name: 'notes', operations: { add } }] })
    const [spec] = commandsOf({ notes: { add } })
    const example = { who: 'nobody', input: { text: 'hello', tags: ['a', 'b'] } } as unknown as Example
    const { status, said } = await inWords(spec as CommandSpec, world as unknown as World, example)
    expect([status, JSON.parse(said)]).toEqual([0, { text: 'hello', count: 2 }])
  })
})
