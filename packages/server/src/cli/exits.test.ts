import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exitStatuses } from './exits.ts'
import { main } from './program.ts'
import type { Terminal } from './terminal.ts'

const guide = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8')

/** A server that answers everything with this status. */
async function answering(status: number): Promise<string> {
  const server = createServer((_, response) => {
    const body = JSON.stringify({ status, code: 'example', detail: 'An example.' })
    response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '0' }).end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function statusOf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const terminal: Terminal = {
    env: { PAWL_CONFIG_DIR: '/nowhere', ...env },
    isColoured: false,
    out: () => {},
    error: () => {},
    stopped: async () => {},
  }
  return main(args, terminal)
}

describe('the exit status', () => {
  test('is one that the guide lists, and the guide lists no other', () => {
    const [, table = ''] = /## Exit codes\n([\s\S]*?)\n\n[^|]/.exec(guide) ?? []
    const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, status]) => Number(status))
    expect(listed).toEqual([...new Set(exitStatuses)].sort((a, b) => a - b))
  })

  test.each([
    [400, 64],
    [401, 77],
    [403, 77],
    [404, 66],
    [409, 73],
    [410, 66],
    [429, 75],
    [500, 70],
    [503, 69],
  ])('of an answer %i of the server is %i', async (answer, status) => {
    const env = { PAWL_URL: await answering(answer), PAWL_TOKEN: 'x' }
    expect(await statusOf(['vault', 'list'], env)).toBe(status)
    expect(await statusOf(['env', 'run', '--vault', '594f83b9-5239-475e-b802-a77e2634c85a', '--', 'true'], env)).toBe(
      status,
    )
  })

  test('tells a wrong command line, a wrong configuration and a missing server apart', async () => {
    const url = 'http://127.0.0.1:9'
    expect(await statusOf(['vault', 'lisst'], { PAWL_URL: url })).toBe(64)
    expect(await statusOf(['vault', 'list'], { PAWL_URL: 'nowhere' })).toBe(78)
    expect(await statusOf(['vault', 'list'], { PAWL_URL: url })).toBe(69)
  })
})
