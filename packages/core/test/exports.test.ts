import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// Goal: what can be imported is decided, and does not grow by the way. Method: the names of all values, by subpath.

const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const subpaths = Object.keys(exports)

test('subpaths are those that the README lists', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const listed = [...readme.matchAll(/^\| `(@pawl\/core[^`]*)` \|/gm)].map(([, name]) => name)
  expect(listed).toEqual(subpaths.map((path) => path.replace('.', '@pawl/core')))
})

test.each(subpaths)('%s exports these values', async (path) => {
  const values = await import(path.replace('.', '@pawl/core'))
  expect(Object.keys(values).sort()).toMatchSnapshot()
})
