import { fields, operation, secretAt } from '@pawl/core/area'
import * as z from 'zod'
import { noteKind, noteNotFound, place } from './notes.ts'

export const removeNote = operation({
  name: 'notes.remove',
  summary: 'Remove a note about a secret.',
  http: {
    method: 'DELETE',
    path: '/v1/vaults/{vault_id}/notes/{note_id}',
    status: 204,
    id: 'removeNote',
    tag: 'Notes',
  },
  effect: 'write',
  access: { permission: 'write', resource: ({ vault_id, path }) => secretAt(vault_id, path) },
  audit: {
    action: 'note.remove',
    resource: 'note',
    about: ({ vault_id, path, note_id }) => ({ id: note_id, vault_id, path }),
  },
  input: z.object({ ...place, note_id: fields.id() }),
  output: z.undefined(),
  errors: [noteNotFound],
  run: ({ unit }, { vault_id, path, note_id }) => {
    const note = unit.require(noteKind, note_id, noteNotFound)
    // Who may write to one path has no say about the notes of another.
    if (note.vaultId !== vault_id || note.path !== path) throw noteNotFound()
    unit.delete(noteKind, note)
    return undefined
  },
})
