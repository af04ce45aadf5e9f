import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../test-run/index.ts'
import { copyCheckout } from './checkout.ts'
import { labels, lines } from './labels.ts'

// Goal: an area is a folder and one line, as CONTRIBUTING says. Method: a small area with one of everything, in a copy of the
// checkout; then what a contributor runs.

/** What the surfaces have of the area, in a file of the copy. */
const seen = `import { registry } from '@pawl/core'
import { commandsOf, openApi } from '@pawl/server'
import { toolsOf } from './packages/server/src/mcp/tools.ts'

const { paths } = openApi(registry)
console.log(
  JSON.stringify({
    routes: Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((one) => one + ' ' + path)),
    tools: [...toolsOf(registry).keys()],
    commands: commandsOf(registry).map(({ command }) => command),
  }),
)
`

describe.runIf(isLong('an area that is added to a copy of the checkout'))('an area that follows CONTRIBUTING', () => {
  let checkout = ''
  beforeAll(() => {
    checkout = join(mkdtempSync(join(tmpdir(), 'pawl-area-')), 'checkout')
    copyCheckout(checkout)
    for (const [path, text] of Object.entries(labels)) write(path, text)
    for (const [path, added] of Object.entries(lines))
      write(path, withLines(readFileSync(join(checkout, path), 'utf8'), added))
    write('seen.ts', seen)
  })
  afterAll(() => rmSync(dirname(checkout), { recursive: true }))

  function write(path: string, text: string): void {
    const file = join(checkout, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  async function run(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(join('node_modules/.bin', program), args, { cwd: checkout })
    return stdout
  }

  const runSource = (file: string, ...args: string[]) => run('tsx', '--conditions=@pawl/source', file, ...args)

  it('is generated, compiles, and passes every check', async () => {
    for (const name of ['openapi', 'client', 'client-types', 'commands', 'docs'])
      await runSource(`tools/gen-${name}.ts`)
    await run('tsc', '--noEmit', '-p', 'tsconfig.json')
    await run('biome', 'check', '--error-on-warnings', 'packages/core/src', 'packages/testkit/src')
    expect(await runSource('tools/check-imports.ts')).toContain('every import is allowed')
    expect(await runSource('tools/check-operations.ts')).toContain('all in order')
  }, 300_000)

  it('has routes, a tool, commands and its setting of agents', async () => {
    const { routes, tools, commands } = JSON.parse(await runSource('seen.ts'))
    const labels = '/v1/agents/{agent_id}/labels'
    expect(routes).toEqual(expect.arrayContaining([`post ${labels}`, `get ${labels}`, `delete ${labels}/{label_id}`]))
    expect(tools).toContain('add_label')
    expect(commands).toEqual(expect.arrayContaining(['label add', 'label list', 'label remove']))
    const openApi = readFileSync(join(checkout, 'packages/server/openapi.json'), 'utf8')
    expect(openApi).toContain('"labels_locked"')
    expect(openApi).toContain('"description": "Words that people stick on agents."')
  })

  it('gets the tests that every operation gets, and leaves nothing behind', async () => {
    const tests = ['packages/testkit/src/world/operations.test.ts', 'packages/testkit/test/dangling']
    await run('vitest', 'run', ...tests, '-t', 'labels', '--reporter=json', '--outputFile=report.json')
    const report = JSON.parse(readFileSync(join(checkout, 'report.json'), 'utf8'))
    expect(report).toMatchObject({ numFailedTests: 0 })
    expect(report.numPassedTests).toBeGreaterThan(20)
  }, 300_000)
})

function withLines(text: string, added: Readonly<Record<string, string>>): string {
  return Object.entries(added).reduce((before, [next, line]) => {
    expect(before).toContain(`\n${next}`)
    return before.replace(`\n${next}`, `\n${line}${next}`)
  }, text)
}
