import { area, dropAll } from '@pawl/core/area'
import { addNote } from './add-note.ts'
import { forgetNotes } from './forget-notes.ts'
import { listNotes } from './list-notes.ts'
import { noteKind } from './notes.ts'
import { removeNote } from './remove-note.ts'

const notes = area({
  name: 'notes',
  summary: 'Notes about secrets.',
  operations: { add: addNote, list: listNotes, remove: removeNote },
  kinds: [noteKind],
  scheduledTasks: [forgetNotes],
  // The notes of a vault go with it.
  onRemoved: { vault: { asJob: ({ records }, { org, id }) => dropAll(records, org, noteKind, 'path', id) } },
})

export default notes
