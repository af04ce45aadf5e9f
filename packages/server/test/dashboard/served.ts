import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Pawl } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { build } from 'vite'
import { type Bundle, dashboard, entryOf } from '../../src/dashboard/index.ts'
import { nodeListener } from '../../src/http/index.ts'
import { pages } from '../../src/pages/index.ts'

// The dashboard as a browser gets it, for tests: built from its sources into memory, and served on loopback.

let built: Promise<Bundle> | null = null

/** The files as `npm run build` makes them. */
export function builtBundle(): Promise<Bundle> {
  built ??= buildNow()
  return built
}

async function buildNow(): Promise<Bundle> {
  const root = fileURLToPath(new URL('../../dashboard/', import.meta.url))
  // What the tests run as is not what people load.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  const made = await build({ root, configFile: `${root}vite.config.ts`, logLevel: 'warn', build: { write: false } })
  process.env.NODE_ENV = NODE_ENV
  const { output } = made as unknown as {
    output: { fileName: string; code?: string; source?: string | Uint8Array }[]
  }
  const bytesOf = (content: string | Uint8Array) => Buffer.from(content)
  const sign = await import('node:fs').then(({ readFileSync }) => readFileSync(`${root}public/assets/pawl.svg`))
  const files = output.flatMap(({ fileName, code, source }) => entryOf(fileName, () => bytesOf(code ?? source ?? '')))
  return new Map([...files, ...entryOf('assets/pawl.svg', () => sign)])
}

export const ownerPassword = tagged('Correct-Horse-7')
export const ownerEmail = 'ada@example.com'

/** A vault with its dashboard on loopback, and an owner with a password. */
export async function servedDashboard(
  work: (world: World, url: string) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  const open = (publicUrl: string) =>
    testPawl({ publicUrl, modelPrices: { small: { input: 1, output: 2 } }, ...options })
  await onLoopback(open, async (world, url) => {
    await world.owner.orgs.addMember({ email: ownerEmail, password: ownerPassword, role: 'owner' })
    await work(world, url)
  })
}

/** The dashboard of an engine on loopback, as `pawl serve` serves it. */
export async function onLoopback<Opened extends { readonly pawl: Pawl; close(): Promise<void> }>(
  open: (publicUrl: string) => Promise<Opened>,
  work: (opened: Opened, url: string) => Promise<void>,
): Promise<void> {
  const bundle = await builtBundle()
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Passkeys need a name, and this one is allowed without TLS.
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const opened = await open(url)
  const { pawl } = opened
  const { mounts, ...board } = dashboard(pawl, { hosts: [], origins: [], bundle })
  const listener = nodeListener(pawl, { ...board, mounts: { ...pages(pawl, { home: '/' }), ...mounts } })
  try {
    await work(opened, url)
  } finally {
    await opened.close()
    server.closeAllConnections()
    server.close()
  }
}
