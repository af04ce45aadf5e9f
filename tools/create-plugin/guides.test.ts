import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const templates = join(import.meta.dirname, 'templates')
const docs = join(import.meta.dirname, '../../docs')

/** The guide to each kind of plugin. */
const guides: Readonly<Record<string, string>> = {
  area: 'writing-an-area.md',
}

describe('the guide to a plugin', () => {
  it.each(readdirSync(templates))('of the kind %s shows the files of its template as they are', (kind) => {
    const guide = readFileSync(join(docs, guides[kind] ?? ''), 'utf8')
    const blocks = [...guide.matchAll(/^```ts\n(import .*?)^```$/gms)].map(([, code]) => code)
    const source = join(templates, kind, 'src')
    const files = readdirSync(source).map((name) => readFileSync(join(source, name), 'utf8'))
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) expect(files).toContain(block)
  })
})
