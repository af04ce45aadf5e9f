import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLong, some } from '../test-run/index.ts'

const templates = join(import.meta.dirname, 'templates')
const kinds = readdirSync(templates)
const bin = resolve(import.meta.dirname, '../../node_modules/.bin')

let place = ''
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'pawl-plugins-'))
})
afterAll(() => rmSync(place, { recursive: true }))

const create = (...args: string[]) => run(process.execPath, [join(import.meta.dirname, 'index.mjs'), ...args])
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(place, folder, 'package.json'), 'utf8'))

describe('npm create pawl-plugin', () => {
  it.each(kinds)('begins a plugin of the kind %s under its own name, from published packages', (kind) => {
    const { status, stdout } = create(kind, `my-${kind}`)
    expect([status, stdout]).toEqual([0, expect.stringContaining(`cd my-${kind}\n  npm install\n  npm test\n`)])
    const { name, exports, ...rest } = manifestOf(`my-${kind}`)
    expect(name).toBe(`my-${kind}`)
    expect(JSON.stringify(rest)).not.toContain('workspace:')
    const entry = join(place, name, exports['.'].default.replace('/dist/', '/src/').replace(/js$/, 'ts'))
    expect(existsSync(entry)).toBe(true)
    expect(readdirSync(join(place, name)).sort()).toEqual(['README.md', 'package.json', 'src', 'tsconfig.json'])
    // What `npm install` would bring.
    symlinkSync(join(templates, kind, 'node_modules'), join(place, name, 'node_modules'))
  })

  it.runIf(isLong('the tests of new plugins'))(
    'begins what passes its own tests, whatever the kind',
    () => {
      // Here the packages are what they are now, not what was built, and are loaded once for all kinds.
      const conditions = ['@pawl/source', 'module', 'node', 'development|production']
      const test = { testTimeout: 30_000, isolate: false, maxWorkers: 1 }
      const config = { resolve: { conditions }, ssr: { resolve: { conditions } }, test }
      writeFileSync(join(place, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}\n`)
      const { status, stdout, stderr } = run(join(bin, 'vitest'), ['run', '--reporter=json'])
      const { testResults = [], numFailedTests } = status === 0 ? JSON.parse(stdout) : {}
      expect([status, numFailedTests], stdout + stderr).toEqual([0, 0])
      expect(testResults).toHaveLength(kinds.length)
    },
    120_000,
  )

  it('N6: begins a plugin from this checkout, because a package may not be published yet', () => {
    const { status, stdout } = create('area', 'my-linked', '--checkout')
    expect([status, stdout]).toEqual([0, expect.stringContaining('install')])
    const { dependencies, devDependencies } = manifestOf('my-linked')
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (!name.startsWith('@pawl/')) continue
      const folder = `${range}`.replace(/^link:/, '')
      expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name).toBe(name)
    }
    rmSync(join(place, 'my-linked'), { recursive: true })
  })

  it('begins what compiles, whatever the kind', () => {
    // The sources of the packages stand outside of the plugin, and know TextEncoder, which their types do not ask for.
    const options = ['--noEmit', '--customConditions', '@pawl/source', '--rootDir', '/']
    const libraries = ['--lib', 'es2023,esnext.disposable,dom']
    for (const kind of some('kinds of new plugins that are compiled', 8, kinds)) {
      const { status, stdout } = run(join(bin, 'tsc'), ['-p', `my-${kind}`, ...options, ...libraries])
      expect([status, stdout]).toEqual([0, ''])
    }
  }, 120_000)

  it.each([
    ['a kind that there is not', ['toaster', 'my-toaster'], `There is no template toaster: it is one of ${kinds[0]}`],
    ['no kind', [], 'There is no template'],
    ['a folder that is there', ['area', '.'], 'is there already'],
  ])('refuses %s, and leaves everything as it was', (_, args, words) => {
    const before = readdirSync(place)
    const { status, stdout, stderr } = create(...args)
    expect([status, stdout, stderr]).toEqual([64, '', expect.stringContaining(words)])
    expect(readdirSync(place)).toEqual(before)
  })
})

function run(command: string, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { cwd: place, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}
