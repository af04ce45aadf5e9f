import { defineError, fields, kind, pathField } from '@pawl/core/area'
import * as z from 'zod'

/** What a caller wrote about a path of a vault. */
export interface Note {
  readonly id: string
  readonly vaultId: string
  readonly path: string
  readonly text: string
  readonly author: string
  readonly createdAt: number
}

/** Where notes are kept. The engine seals them, and keeps organisations apart. */
export const noteKind = kind<Note>('notes.note', {
  indexes: {
    path: { key: ({ vaultId, path, createdAt }) => [vaultId, path, createdAt] },
    age: { key: ({ createdAt }) => [createdAt] },
  },
})

export const noteNotFound = defineError('note_not_found', 'not_found', 'There is no such note.')

/** A path of a vault, in the one form that policies judge. */
export const place = { vault_id: fields.id(), path: pathField() }

/** A note as it is shown. */
export const NoteBody = z
  .object({
    id: fields.id(),
    path: z.string(),
    text: z.string(),
    author: z.string(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'Note' })
