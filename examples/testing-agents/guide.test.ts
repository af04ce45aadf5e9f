import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('the guide to testing agents shows these files and no other code', () => {
  const guide = readFileSync(new URL('../../docs/testing-agents.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)
  const files = ['reporter.test.ts', 'world.test.ts']
  expect(blocks).toEqual(files.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')))
})
