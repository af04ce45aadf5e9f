import { fields, operation, principalOf, rfc3339, secretAt, signedIn } from '@pawl/core/area'
import * as z from 'zod'
import { type Note, NoteBody, noteKind, place } from './notes.ts'

export const addNote = operation({
  name: 'notes.add',
  summary: 'Write a note about a secret, for everybody who may read it.',
  http: { method: 'POST', path: '/v1/vaults/{vault_id}/notes', status: 201, id: 'addNote', tag: 'Notes' },
  tools: [{ name: 'add_note', summary: 'Write down something about a secret that others should know.' }],
  command: { positionals: ['path', 'text'] },
  effect: 'write',
  // The access decision comes before the caller can learn whether the path exists.
  access: { permission: 'write', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  audit: {
    action: 'note.add',
    resource: 'note',
    about: ({ vault_id, path }, note) => ({ id: note?.id, vault_id, path }),
  },
  input: z.object({ ...place, text: fields.text(1_000, 1) }),
  output: NoteBody,
  errors: [],
  run: (context, { vault_id, path, text }) => {
    const { unit, newId, now } = context
    const author = principalOf(signedIn(context)).id
    const note: Note = { id: newId(), vaultId: vault_id, path, text, author, createdAt: now }
    // Staged here, and stored together with its event, or not at all.
    unit.put(noteKind, note)
    return { id: note.id, path, text, author, created_at: rfc3339(now) }
  },
})
