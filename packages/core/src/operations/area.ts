import type { AnyKind } from '../records/index.ts'
import type { AgentSettings } from './agent-settings.ts'
import type {
  Admission,
  AgentAddition,
  AgentChange,
  Agreement,
  AnyGuard,
  CarriesOut,
  Cascades,
  Confirmation,
  Context,
  JobType,
  Listener,
  ListensSince,
  Made,
  Meter,
  Payments,
  RotateKeys,
  RuleOn,
  ScheduledTask,
  TransactionMode,
  Watcher,
} from './engine.ts'
import type { AnyOperation } from './operation.ts'

/**
 * One part of the engine, as a value: its operations and everything that must be known of it elsewhere. Our own areas and
 * those of plugins are declared alike. Its operations get routes, a place in the contract, in the clients and in the
 * trail, tools and commands.
 *
 * @example
 * export const notes = area({ name: 'notes', operations: { add: addNote, list: listNotes }, kinds: [noteKind] })
 * const pawl = await createPawl({ storage, hsm, areas: [notes] })
 * await pawl.as({ user }).notes.add({ text: 'hello' })
 */
export interface Area {
  /** A lowercase word that no other area has. Operations are named after it: `notes.add`. */
  readonly name: string
  /** One sentence: heads its commands in `--help` and describes its tags in the OpenAPI document. */
  readonly summary?: string
  /** The areas whose index.ts it imports. No two areas use each other. */
  readonly uses?: readonly string[]
  readonly operations: AreaOperations
  /**
   * Successful calls of its operations count as usage. An operation can say otherwise. Default: they are free. Of the built-in
   * areas, `free-areas.ts` says it.
   */
  readonly metered?: true
  /** Every kind of record that the area stores. The names of a plugin's kinds begin with its own: `notes.note`. */
  readonly kinds?: readonly AnyKind[]
  /** Records that the area stores without `kinds`, in the clear, because they are read before any key is there. */
  readonly clearRecords?: readonly string[]
  /** Every kind of job that its operations stage. */
  readonly jobs?: readonly JobType<never>[]
  readonly scheduledTasks?: readonly ScheduledTask[]
  /** Audit actions that no operation has, because a job or a task stages them. Webhooks can subscribe to them. */
  readonly reports?: readonly string[]
  /** Refuses callers for every operation, before the input is read: by throwing `denied`. */
  readonly admits?: Admission
  /** Decides about proofs for the operations that `confirms`. One area does. */
  readonly confirms?: Confirmation
  /** Decides about the agreement of people for the operations that are `governed`. One area does. */
  readonly agrees?: Agreement
  /** Returns the current rule of agreement about an action. One area does. */
  readonly ruleOn?: RuleOn
  /** Decides what calls use of the tier of an organisation. One area does. */
  readonly meters?: Meter
  /** Decides how a caller can pay for a call that the tier has no room for. One area does. */
  readonly payments?: Payments
  /** Guards that decide about resources, by type: `{ vault: vaultGuard }`. */
  readonly guards?: Readonly<Record<string, AnyGuard>>
  /** Runs in the unit that makes a subject. */
  readonly onCreated?: Readonly<Partial<Record<Made, (context: Context, id: string) => void>>>
  /** Changes to its records when their subject is removed, is disabled or gets a new key. */
  readonly onRemoved?: Cascades
  readonly onDisabled?: Cascades
  readonly onRotated?: Cascades
  /** Reactions to committed events of the trail, by action: at least once, in the order of each lane. `*`: to all others. */
  readonly listensTo?: Readonly<Record<string, Listener>>
  /** Sees every audit block that this engine stores, after the commit and before the callers get their answers. */
  readonly watches?: Watcher
  /** The time since which it listens in an organisation. Default: since the area was new to the vault. */
  readonly listensSince?: ListensSince
  /** The settings of an agent that the area gives a meaning to. */
  readonly agentSettings?: AgentSettings
  /** Runs when the settings or the environment of an agent change. It may refuse the change. */
  readonly onAgentChange?: AgentChange
  /** Fields that it adds to agents in answers. */
  readonly agentAdditions?: AgentAddition
  /** Carries out actions that a human decided about, by action: `{ policy_change: { approved: … } }`. */
  readonly carriesOut?: Readonly<Record<string, CarriesOut>>
  /** Makes transactions of agents with another account than their key, by the `mode` of the request. */
  readonly transactionModes?: Readonly<Record<string, TransactionMode>>
  /** Replaces the keys that the area has in the key store, for `pawl keys rotate`. */
  readonly rotateKeys?: RotateKeys
}

export type AreaOperations = Readonly<Record<string, AnyOperation>>

/** An area whose name and operations the compiler knows: clients are typed by these. */
export interface NamedArea<Name extends string, Operations extends AreaOperations> extends Area {
  readonly name: Name
  readonly operations: Operations
}

/** Gives a declaration its types. */
export function area<const Name extends string, const Operations extends AreaOperations>(
  declaration: NamedArea<Name, Operations>,
): NamedArea<Name, Operations> {
  return declaration
}

/** The operations of these areas, as callers see them. */
export type RegistryOf<Areas extends readonly Area[]> = {
  readonly [A in Areas[number] as keyof A['operations'] extends never ? never : A['name']]: A['operations']
}
