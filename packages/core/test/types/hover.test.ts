import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openEditor } from './editor.ts'

// Goal: who writes a program reads what a call does, takes and throws where it is written, and is offered what there is.
// Method: the language service that editors use, over programs in this workspace.

const editor = openEditor(resolve(import.meta.dirname, '../../../..'))

const start = `
import { createPawl, errorCatalogue, isPawlError, PawlError, type PolicyConditions } from '@pawl/core'
import { createClient } from '@pawl/core/client'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
declare const [id, vault_id, error]: [string, string, unknown]
const pawl = await createPawl({ storage: memoryStorage(), hsm: memoryHsm() })
const owner = pawl.as({ user: id })
const remote = createClient({ url: 'http://127.0.0.1:8210' })
`

const calls = [
  ['what is called', 'owner‸'],
  ['a client of a vault somewhere else', 'remote‸'],
  ['secrets.put', 'owner.secrets.put‸({ vault_id, path: "a", value: "b" })'],
  ['secrets.get', 'owner.secrets.get‸({ vault_id, path: "a" })'],
  ['secrets.list, called over HTTP', 'remote.secrets.list‸({ vault_id })'],
  ['vaults.create', 'owner.vaults.create‸({ name: "prod" })'],
  ['agents.create', 'owner.agents.create‸({ name: "ci" })'],
  ['policies.create', 'owner.policies.create‸'],
  ['sharing.create', 'owner.sharing.create‸'],
  ['bindings.execute', 'owner.bindings.execute‸'],
  ['audit.events', 'owner.audit.events‸()'],
  ['audit.events.each', 'owner.audit.events.each‸()'],
  [
    'a field that is given',
    'owner.secrets.put({ vault_id, path: "a", value: "b", expires_at‸: "2027-01-01T00:00:00Z" })',
  ],
  ['what is answered', 'const put‸ = await owner.secrets.put({ vault_id, path: "a", value: "b" })'],
  ['an area', 'owner.intents‸'],
  ['a revealed value', 'const { value‸ } = await owner.secrets.get({ vault_id, path: "a" })'],
  ['the code of an error', 'if (error instanceof PawlError) error.code‸'],
  ['the data of an error', 'if (isPawlError(error, "rate_limited")) error.data‸'],
  ['an entry of the catalogue', 'errorCatalogue.vault_not_found‸'],
] as const

describe('a reader sees, over', () => {
  let shown: string[] = []

  beforeAll(() => {
    shown = editor.hover(start + calls.map(([, call]) => `{ ${call} }\n`).join(''))
  })

  it.each(calls.map(([what], at) => [what, at] as const))('%s', (_, at) => {
    expect(shown[at]).toMatchSnapshot()
  })
})

describe('a writer is offered', () => {
  it('the areas, and the operations of one', () => {
    const [areas, operations] = editor.complete(`${start}{ owner.‸ }\n{ owner.secrets.‸ }`)
    expect(areas).toMatchSnapshot()
    expect(operations).toMatchSnapshot()
  })

  it('the fields of an input, and those of conditions', () => {
    const [input, conditions] = editor.complete(
      `${start}owner.secrets.put({ ‸ })\nconst when: PolicyConditions = { ‸ }`,
    )
    expect(input).toMatchSnapshot()
    expect(conditions).toMatchSnapshot()
  })

  it('the permissions of a policy, and the codes of errors', () => {
    const [permissions, ...codes] = editor.complete(`${start}
owner.policies.create({ permissions: ['‸'] })
if (error instanceof PawlError && error.code === '‸') {}
isPawlError(error, '‸')`)
    expect(permissions).toMatchSnapshot()
    expect(codes).toHaveLength(2)
    for (const offered of codes) expect(offered).toContain('vault_not_found')
  })
})

describe('what does not compile', () => {
  const area = (permission: string) => `
import { fields, operation, secretAt } from '@pawl/core/area'
import * as z from 'zod'
export const readReed = operation({
  name: 'reeds.read',
  summary: 'Read a reed.',
  effect: 'read',
  access: { permission: '${permission}', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  audit: 'none',
  input: z.object({ vault_id: fields.id(), path: z.string() }),
  output: z.object({ path: z.string() }),
  errors: [],
  run: (_, { path }) => ({ path }),
})`

  it('a permission that the resource does not know', () => {
    expect(editor.errors(area('read'))).toEqual([])
    expect(editor.errors(area('reed')).join()).toContain(`Type '"reed"' is not assignable to type 'SecretPermission'`)
  })

  it('a field, a permission of a policy or the code of an error that does not exist', () => {
    const wrong = [
      'owner.secrets.put({ vault_id, path: "a", value: "b", expires: "" })',
      'owner.policies.create({ vault_id, secret_path_pattern: "a", principal_type: "user", principal_id: id, permissions: ["reed"] })',
      'isPawlError(error, "vault_not_fuond")',
    ]
    expect(editor.errors(`${start};${wrong.join('\n')}`)).toEqual([
      expect.stringContaining(`'expires' does not exist`),
      expect.stringContaining(`"reed"`),
      expect.stringContaining(`"vault_not_fuond"`),
    ])
  })
})

describe('areas of a program’s own', () => {
  const notes = `
import { type Area } from '@pawl/core'
import { fields, operation } from '@pawl/core/area'
import * as z from 'zod'
const list = operation({
  name: 'notes.list',
  summary: 'List notes.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({ limit: z.int().optional(), offset: z.int().optional() }),
  output: z.object({ notes: z.array(z.object({ text: z.string() })) }),
  errors: [],
  run: () => ({ notes: [] }),
})
const notes = { name: 'notes', operations: { list } } as const satisfies Area
${start}
const more = await createPawl({ storage: memoryStorage(), hsm: memoryHsm(), areas: [notes] })
const caller = more.as({ user: id })
const far = createClient<[typeof notes]>({ url: 'http://127.0.0.1:8210' })
`

  it('stand beside ours, in-process and over HTTP', () => {
    const program = `${notes}
for await (const { text } of caller.notes.list.each()) text satisfies string
for await (const { text } of far.notes.list.each({ limit: 1 })) text satisfies string
caller.secrets.restore({ vault_id, path: 'a' })
caller satisfies typeof owner
caller`
    expect(editor.errors(program)).toEqual([])
    expect(editor.hover(`${program}‸`)[0]).toMatchSnapshot()
    expect(editor.errors(`${notes}caller.reeds`)).toHaveLength(1)
  })
})
