import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// Goal: a client of models that starts `pawl mcp` waits for no more than Node itself and a little. Method: the command,
// built as it is shipped but for its types, beside a Node that does nothing, by the time of the processor that both take.

const src = resolve(import.meta.dirname, '../../src')
const root = resolve(src, '../../..')

const main = `
  import { mcp } from ${JSON.stringify(join(src, 'cli/commands/mcp.ts'))}
  await mcp.run([], { env: process.env })
`
const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
}

let folder: string
let loaded: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-startup-'))
  copyFileSync(join(src, '../package.json'), join(folder, 'package.json'))
  writeFileSync(join(folder, 'idle.mjs'), '')
  const { metafile } = await build({
    stdin: { contents: main, resolveDir: root, loader: 'ts' },
    outfile: join(folder, 'dist/main.js'),
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@pawl/source'],
    absWorkingDir: root,
    logLevel: 'silent',
  })
  loaded = Object.keys(metafile.inputs)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('pawl mcp', () => {
  test('answers initialize after less than half a second of the processor, Node itself left out', async () => {
    const idleMs = await cpuMs('idle.mjs', [])
    const bridgeMs = await cpuMs('dist/main.js', [hello])
    expect(bridgeMs - idleMs).toBeLessThan(500)
  })

  test('loads neither the engine nor a library of schemas, nor the SDK', () => {
    const heavy = loaded.filter((file) =>
      /node_modules|\/areas\/|registry\.ts|http\/|host\/(?!config-error)/.test(file),
    )
    expect(heavy).toEqual([])
    expect(loaded).toContain('packages/server/src/mcp/bridge/bridge.ts')
  })
})

/** What a process takes from its start until it has answered and its input is at an end. */
async function cpuMs(file: string, messages: readonly object[]): Promise<number> {
  const report = "process.on('exit', () => console.error(JSON.stringify(process.cpuUsage())))"
  const args = ['--import', `data:text/javascript,${encodeURIComponent(report)}`, join(folder, file)]
  const env = { PATH: process.env.PATH ?? '', PAWL_AGENT_API_KEY: 'ocv_nobody' }
  const child = spawn(process.execPath, args, { env })
  for (const message of messages) child.stdin.write(`${JSON.stringify(message)}\n`)
  child.stdin.end()
  const answers: string[] = []
  for await (const line of createInterface({ input: child.stdout })) answers.push(line)
  expect(answers.map((line) => JSON.parse(line).id)).toEqual(messages.map(() => 1))
  let errors = ''
  for await (const text of child.stderr) errors += text
  const { user, system } = JSON.parse(errors)
  return (user + system) / 1_000
}
