import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const templates = join(import.meta.dirname, 'templates')
const docs = join(import.meta.dirname, '../../docs')

/** The guide to each kind of plugin. */
const guides: Readonly<Record<string, string>> = {
  area: 'writing-an-area.md',
  'audit-sink': 'writing-an-audit-sink.md',
  chain: 'writing-a-chain.md',
  hsm: 'writing-an-hsm-adapter.md',
  mailer: 'writing-a-mailer.md',
  model: 'writing-a-model-provider.md',
  'policy-engine': 'writing-a-policy-engine.md',
  shroud: 'writing-a-shroud-plugin.md',
  storage: 'writing-a-storage-adapter.md',
}

/** A guide may walk through more than a template has. */
const walkedThrough: Readonly<Record<string, string>> = {
  storage: join(import.meta.dirname, '../../examples/storage-adapter'),
}

const kinds = readdirSync(templates)
const guideTo = (kind: string) => readFileSync(join(docs, guides[kind] ?? ''), 'utf8')

describe('the guide to a plugin', () => {
  it.each(kinds)('of the kind %s shows the code that it walks through as it is', (kind) => {
    const guide = guideTo(kind)
    const blocks = [...guide.matchAll(/^```ts\n(import .*?)^```$/gms)].map(([, code]) => code)
    const source = walkedThrough[kind] ?? join(templates, kind, 'src')
    const names = readdirSync(source).filter((name) => name.endsWith('.ts'))
    const files = names.map((name) => readFileSync(join(source, name), 'utf8'))
    expect(blocks.length).toBeGreaterThan(0)
    for (const block of blocks) expect(files).toContain(block)
  })

  it.each(kinds)('of the kind %s says how to begin, and can be found', (kind) => {
    expect(guideTo(kind)).toContain(`npm create pawl-plugin ${kind} `)
    expect(readFileSync(join(docs, 'writing-a-plugin.md'), 'utf8')).toContain(`| \`${kind}\` | [${guides[kind]}]`)
    expect(readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')).toContain(`| \`${kind}\` |`)
  })
})
