import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, it, onTestFinished } from 'vitest'
import { programFrom } from '../../tools/real-parts/pawl.ts'

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

it('docs/embedding.md shows these programs as they are here', () => {
  const guide = readFileSync(pathOf('../../docs/embedding.md'), 'utf8')
  const blocks = [...guide.matchAll(/^```ts\n(import .*?)^```$/gms)].map(([, code]) => code)
  expect(blocks).toEqual(['service.ts', 'rotate.ts'].map((name) => readFileSync(pathOf(name), 'utf8')))
})

describe('a service with an embedded vault', () => {
  it('keeps its customers apart, and answers what went wrong', async () => {
    const { ask } = await start(emptyFolder())
    expect(await ask('PUT', '/acme/db/password', tagged('a1'))).toEqual([200, 'version 1'])
    expect(await ask('GET', '/acme/db/password')).toEqual([200, `a value of ${tagged('a1').length} characters`])
    expect(await ask('GET', '/globex/db/password')).toEqual([404, 'No secret exists at this path.'])
    expect(await ask('PUT', '/acme/db//password', 'x')).toEqual([400, expect.stringMatching(/^path: /)])
  })

  it('loses nothing that it acknowledged when it is killed', async () => {
    const folder = emptyFolder()
    const first = await start(folder)
    const written = await Promise.all([1, 2, 3].map((at) => first.ask('PUT', `/acme/db/${at}`, 'x'.repeat(at))))
    expect(written).toEqual([1, 2, 3].map(() => [200, 'version 1']))
    await first.end('SIGKILL')
    const second = await start(folder)
    for (const at of [1, 2, 3]) {
      expect(await second.ask('GET', `/acme/db/${at}`)).toEqual([200, `a value of ${at} characters`])
    }
  })

  it('stops by itself when it is told to, and leaves a vault that opens again', async () => {
    const folder = emptyFolder()
    const { ask, end } = await start(folder)
    expect(await ask('PUT', '/acme/db/password', tagged('a1'))).toEqual([200, 'version 1'])
    expect(await end('SIGTERM')).toBe(0)
    const again = await start(folder)
    expect(await again.ask('PUT', '/acme/db/password', tagged('a2'))).toEqual([200, 'version 2'])
  })
})

it('a rotation reaches a consumer while both passwords work', async () => {
  const child = run(emptyFolder(), 'rotate.ts')
  expect(await text(child.stdout as NodeJS.ReadableStream)).toBe('connected with the new password\n')
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-embedding-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

function run(cwd: string, name: string): ChildProcess {
  const child = spawn(process.execPath, [programFrom(readFileSync(pathOf(name), 'utf8'))], {
    cwd,
    env: { ...process.env, PORT: '0' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function start(folder: string) {
  const child = run(folder, 'service.ts')
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const [line] = await once(lines, 'line')
  const { port } = JSON.parse(String(line).replace('ready on ', ''))
  return {
    ask: async (method: string, path: string, body?: string): Promise<[number, string]> => {
      const init = { method, headers: { connection: 'close' }, ...(body === undefined ? {} : { body }) }
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
      return [response.status, await response.text()]
    },
    end: async (signal: NodeJS.Signals): Promise<number | null> => {
      child.kill(signal)
      const [code] = await once(child, 'exit')
      return code
    },
  }
}
