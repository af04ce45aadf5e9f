import type { AnyKind } from '../records/index.ts'
import type { JobType } from './jobs.ts'
import type { AnyOperation, Registry } from './operation.ts'
import type { ScheduledTask } from './scheduled-tasks.ts'

/**
 * An area of somebody else's, with everything an area of ours has: its operations get routes, a place in the contract, in
 * the clients and in the trail, tools and commands.
 *
 * @example
 * const notes = { name: 'notes', operations: { add: addNote, list: listNotes }, kinds: [noteKind] }
 * const pawl = await createPawl({ storage, hsm, areas: [notes] })
 * await pawl.as({ user }).notes.add({ text: 'hello' })
 */
export interface Area {
  /** A lowercase word that no other area has. Operations are named after it: `notes.add`. */
  readonly name: string
  readonly operations: Readonly<Record<string, AnyOperation>>
  /** Every kind of record that has an index. Their names begin with that of the area: `notes.note`. */
  readonly kinds?: readonly AnyKind[]
  /** Every kind of job that its operations stage. */
  readonly jobs?: readonly JobType<never>[]
  readonly scheduledTasks?: readonly ScheduledTask[]
}

/** A registry, and the areas that are added to it. */
export type WithAreas<R extends Registry, Areas extends readonly Area[]> = R & {
  readonly [A in Areas[number] as A['name']]: A['operations']
}
