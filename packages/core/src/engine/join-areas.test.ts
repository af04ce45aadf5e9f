import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type Area, fields, kind, operation, principalOf, signedIn } from '../area.ts'
import { manualClock, memoryHsm, memoryStorage } from '../ports/reference/index.ts'
import { createPawl } from './create.ts'

interface Note {
  readonly id: string
  readonly text: string
  readonly author: string
}

const noteKind = kind<Note>('notes.note', { indexes: { author: { key: ({ author }) => [author] } } })
const NoteBody = z.object({ id: fields.id(), text: z.string() })

const add = operation({
  name: 'notes.add',
  summary: 'Keep a note of the caller.',
  http: { method: 'POST', path: '/v1/notes', status: 201, id: 'addNote', tag: 'Notes' },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'note.add', resource: 'note', about: (_, note) => ({ id: note?.id }) },
  input: z.object({ text: fields.text(100, 1) }),
  output: NoteBody,
  errors: [],
  run: (context, { text }) => {
    const note = { id: context.newId(), text, author: principalOf(signedIn(context)).id }
    context.unit.put(noteKind, note)
    return { id: note.id, text }
  },
})

const list = operation({
  name: 'notes.list',
  summary: 'List the notes of the caller.',
  http: { method: 'GET', path: '/v1/notes', status: 200, id: 'listNotes', tag: 'Notes' },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'note.list', resource: 'note' },
  input: z.object({}),
  output: z.object({ notes: z.array(NoteBody) }),
  errors: [],
  run: (context) => {
    const notes = context.unit.list(noteKind, 'author', principalOf(signedIn(context)).id)
    return { notes: notes.map(({ id, text }) => ({ id, text })) }
  },
})

const notes = { name: 'notes', operations: { add, list }, kinds: [noteKind] } as const satisfies Area

const open = <const Areas extends readonly Area[]>(areas: Areas) =>
  createPawl({ storage: memoryStorage(), hsm: memoryHsm(), clock: manualClock(0), background: false, areas })

describe('an area of somebody else’s', () => {
  test('is called like our own, keeps its records, and leaves its trace', async () => {
    const pawl = await open([notes])
    const { user } = await pawl.firstOwner({ email: 'owner@example.com' })
    const owner = pawl.as({ user })
    const { id } = await owner.notes.add({ text: 'hello' })
    expect(await owner.notes.list()).toEqual({ notes: [{ id, text: 'hello' }] })
    const { events } = await owner.audit.events({ action: 'note.add' })
    expect(events.map(({ resource_id }) => resource_id)).toEqual([id])
    expect(Object.keys(pawl.registry.notes ?? {})).toEqual(Object.keys(notes.operations))
    await pawl.close()
  })

  test.each([
    ['is named like one of ours', { ...notes, name: 'secrets' }, 'Two areas declare the area secrets.'],
    ['is named like nothing that can be typed', { ...notes, name: 'No Tes' }, 'must be a lowercase word'],
    ['has an operation under another name', { ...notes, name: 'memos' }, 'notes.add must be named memos.add'],
    ['keeps records under a name of ours', { ...notes, kinds: [kind('secret')] }, 'must be named notes.secret'],
    [
      'has calls with keys that are anybody’s',
      { ...notes, operations: { add: { ...add, idempotent: true, access: 'public' } } },
      'notes.add must not be idempotent and public',
    ],
    [
      'would keep a secret with a key',
      { ...notes, operations: { add: { ...add, idempotent: true, reveals: ['text'] } } },
      'notes.add must not be idempotent and reveal a secret',
    ],
    [
      'has a route of ours',
      { ...notes, operations: { list: { ...list, http: { ...list.http, path: '/v1/vaults' } } } },
      'The route GET /v1/vaults of notes.list belongs to vaults.list.',
    ],
  ] as const)('is refused when it %s', async (_, area, problem) => {
    await expect(open([area as Area])).rejects.toThrow(problem)
  })
})
