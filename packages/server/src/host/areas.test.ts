import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { start } from './start.ts'

const area = `
const anything = { parse: (given) => given }
const hello = {
  name: 'hello.say',
  summary: 'Say hello to whoever asks.',
  http: { method: 'GET', path: '/v1/hello', status: 200, id: 'sayHello', tag: 'Hello' },
  effect: 'read', access: 'public', audit: 'none', input: anything, output: anything, errors: [],
  run: async () => ({ hello: 'world' }),
}
export default { name: 'hello', operations: { say: hello } }
`

describe('a server with areas of its operator', () => {
  test('serves them beside our own', async () => {
    const started = await startWith(moduleOf(area))
    onTestFinished(() => started.stop())
    const answer = await fetch(`${started.url}/v1/hello`)
    expect(await answer.json()).toEqual({ hello: 'world' })
    const contract = (await (await fetch(`${started.url}/openapi.json`)).json()) as { paths: object }
    expect(Object.keys(contract.paths)).toEqual(expect.arrayContaining(['/v1/hello', '/v1/vaults']))
  })

  test.each([
    ['is not there', () => './nowhere.js', /nowhere\.js cannot be loaded/],
    ['does not run', () => moduleOf('throw new Error("broken")'), /cannot be loaded: broken/],
    ['has no area', () => moduleOf('export default 1'), /the default export of .* is not an area/],
    [
      'takes a name of ours',
      () => moduleOf(area.replaceAll("'hello'", "'vaults'")),
      /Two areas declare the area vaults/,
    ],
  ])('does not start with a module that %s', async (_, module, problem) => {
    await expect(startWith(module())).rejects.toThrow(problem)
  })
})

function startWith(module: string) {
  return start(readConfig({ PAWL_AREAS: module, PAWL_PORT: '0', PAWL_STORAGE: 'memory:', PAWL_DATA_DIR: newFolder() }))
}

function moduleOf(text: string): string {
  const path = join(newFolder(), 'area.mjs')
  writeFileSync(path, text)
  return path
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-areas-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
