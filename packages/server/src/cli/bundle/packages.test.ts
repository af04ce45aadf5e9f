import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { filesOf } from './contents.ts'
import { packagesOf, readPackage, refuseWithoutSqlite } from './packages.ts'

let base: string
/** Where packages are: another one for each try, because Node remembers what it found. */
let folder: string

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-packages-')))
  folder = base
})
afterEach(() => rmSync(base, { recursive: true }))

type Fields = Readonly<Record<string, unknown>>

/** A package as pnpm has it: in a store, with links to what it needs beside it. */
function store(id: string, needs: Readonly<Record<string, string>>, more: Fields = {}): string {
  const [name = '', version = ''] = id.split('@')
  const beside = join(folder, 'store', id, 'node_modules')
  put(join(beside, name), { name, version, dependencies: needs, ...more })
  for (const [need, version] of Object.entries(needs)) {
    if (need !== name) link(join(folder, 'store', `${need}@${version}`, 'node_modules', need), join(beside, need))
  }
  return join(beside, name)
}

function put(place: string, manifest: Fields): void {
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest))
}

function link(to: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(to, place)
}

/** Which version Node finds of each thing that a package needs. */
function foundFrom(place: string): Fields {
  const { manifest } = readPackage(place)
  const require = createRequire(join(place, 'index.js'))
  const names = Object.keys(manifest.dependencies ?? {}).filter((name) => name !== manifest.name)
  return Object.fromEntries(names.map((name) => [name, require(`${name}/package.json`).version]))
}

const versions = ['1', '2', '3']
const names = ['a', 'b', 'c', 'd']
const ids = names.flatMap((name) => versions.map((version) => `${name}@${version}`))
const needs = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...versions), { noNullPrototype: true })
/** What each needs, where a thing needs only such as come after it in some order: there are no circles. */
const graph = fc
  .record({ order: fc.shuffledSubarray(ids, { minLength: ids.length }), of: fc.tuple(...ids.map(() => needs)) })
  .map(({ order, of }) =>
    order.map((id, at) => {
      const later = Object.entries(of[at] ?? {}).filter((need) => order.indexOf(need.join('@')) > at)
      return { id, needs: Object.fromEntries(later) }
    }),
  )

describe('the packages of a bundle', () => {
  test('each find the same versions as before, whatever needs what, and packed again nothing moves', () => {
    fc.assert(
      fc.property(graph, needs, (all, first) => {
        folder = mkdtempSync(join(base, 'try-'))
        for (const { id, needs } of all) store(id, needs)
        const packages = packagesOf(store('root@1', first))
        const flat = join(folder, 'flat/node_modules')
        for (const { path, folder } of packages) put(join(flat, path), { ...readPackage(folder).manifest })
        for (const { path, folder } of packages) expect(foundFrom(join(flat, path)), path).toEqual(foundFrom(folder))
        const again = packagesOf(join(flat, 'root'))
        expect(again.map(({ path }) => path)).toEqual(packages.map(({ path }) => path))
        // What may stand at the top does: one of each name.
        const top = new Set(packages.map(({ manifest }) => manifest.name))
        expect(packages.filter(({ path }) => !path.includes('/')).length).toBe(top.size)
      }),
      { numRuns: tries(25, 5) },
    )
  })

  test('may need each other in a circle, but not each another version of the others', () => {
    store('a@1', { b: '1' })
    store('b@1', { a: '1' })
    expect(packagesOf(store('root@1', { a: '1' })).map(({ path }) => path)).toEqual(['a', 'b', 'root'])
    rmSync(join(folder, 'store'), { recursive: true })
    const circle = { a1: { b: '2' }, b2: { a: '2' }, a2: { b: '1' }, b1: { a: '1' } }
    for (const [[name, version], needs] of Object.entries(circle)) store(`${name}@${version}`, needs)
    expect(() => packagesOf(store('root@1', { a: '1', b: '1' }))).toThrow(/^a depends on another version of itself/)
  })

  test('are with what is optional where that is installed, and do without it where it is not', () => {
    store('driver@1', {})
    const root = store('root@1', { driver: '1' }, { dependencies: {}, peerDependencies: { driver: '1', other: '1' } })
    expect(packagesOf(root).map(({ path }) => path)).toEqual(['driver', 'root'])
  })

  test('are not packed when one of them is missing', () => {
    const root = store('root@1', { gone: '1' })
    expect(() => packagesOf(root)).toThrow(
      'root requires gone, which is not installed. Install it and run pawl bundle again.',
    )
  })

  test.each([
    ["require('bindings')('driver.node')", ['driver', 'root']],
    ["require('fetcher')(__dirname)", ['driver', 'fetcher', 'root']],
  ])('are without what only installs: with %s', (code, expected) => {
    store('fetcher@1', {})
    const driver = store('driver@1', { fetcher: '1' }, { scripts: { install: 'fetcher || node-gyp rebuild' } })
    writeFileSync(join(driver, 'index.js'), code)
    expect(packagesOf(store('root@1', { driver: '1' })).map(({ path }) => path)).toEqual(expected)
  })

  test('have what they run with, and neither sources nor what a compiler left', () => {
    const driver = store('driver@1', {})
    const left = ['build/Makefile', 'build/Release/obj.target/driver.node', 'build/Release/driver.o', 'src/driver.c']
    const built = 'build/Release/driver.node'
    for (const path of [
      ...left,
      built,
      'binding.gyp',
      'index.d.ts',
      'test/all.js',
      'data.bin',
      'index.js',
      '.npmrc',
      'README.md',
    ]) {
      mkdirSync(dirname(join(driver, path)), { recursive: true })
      writeFileSync(join(driver, path), '')
    }
    expect(filesOf(driver, readPackage(driver).manifest)).toEqual([built, 'data.bin', 'index.js', 'package.json'])
  })

  test('have the addon for this machine, of a package that contains one for each', () => {
    const driver = store('driver@1', {})
    const here = `prebuilds/${process.platform}-${process.arch}`
    const ours = [`${here}.node`, `${here}/napi.node`]
    for (const path of [...ours, 'prebuilds/plan9-x64.node', 'prebuilds/plan9-x64/napi.node']) {
      mkdirSync(dirname(join(driver, path)), { recursive: true })
      writeFileSync(join(driver, path), '')
    }
    expect(filesOf(driver, readPackage(driver).manifest)).toEqual(['package.json', ...ours])
  })

  test('are not packed without the driver of SQLite, though it is optional', () => {
    const server = store('server@1', {}, { optionalDependencies: { 'better-sqlite3': '2' } })
    expect(() => refuseWithoutSqlite(packagesOf(server))).toThrow('better-sqlite3 is not installed.')
    link(store('better-sqlite3@2', {}), join(server, 'node_modules/better-sqlite3'))
    expect(() => refuseWithoutSqlite(packagesOf(server))).not.toThrow()
  })

  test('have, of a checkout, what would be published: no vault that somebody tried there', () => {
    const ours = join(folder, 'ours')
    put(ours, { name: 'ours', version: '1', files: ['dist'] })
    for (const path of ['dist/index.js', 'data/root.key', '.pawl/root.key']) {
      mkdirSync(dirname(join(ours, path)), { recursive: true })
      writeFileSync(join(ours, path), '')
    }
    expect(filesOf(ours, readPackage(ours).manifest)).toEqual(['dist/index.js', 'package.json'])
  })
})
