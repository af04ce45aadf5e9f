import { operation, rfc3339, secretAt } from '@pawl/core/area'
import * as z from 'zod'
import { NoteBody, noteKind, place } from './notes.ts'

export const listNotes = operation({
  name: 'notes.list',
  summary: 'List the notes about a secret, oldest first.',
  http: { method: 'GET', path: '/v1/vaults/{vault_id}/notes', status: 200, id: 'listNotes', tag: 'Notes' },
  tools: [{ name: 'list_notes', summary: 'Read what is noted about a secret.' }],
  command: { positionals: ['path'], columns: ['created_at', 'author', 'text'] },
  effect: 'read',
  access: { permission: 'read', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  audit: { action: 'note.list', resource: 'note', about: ({ vault_id, path }) => ({ vault_id, path }) },
  input: z.object(place),
  output: z.object({ notes: z.array(NoteBody) }),
  errors: [],
  run: ({ unit }, { vault_id, path }) => {
    const notes = unit.list(noteKind, 'path', vault_id, path)
    return { notes: notes.map(({ createdAt, vaultId, ...note }) => ({ ...note, created_at: rfc3339(createdAt) })) }
  },
})
