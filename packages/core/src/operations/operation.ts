import type { AnyErrorDefinition, PawlError } from '../kernel/errors.ts'
import type { Schema } from '../kernel/schema.ts'
import type { AfterCommit } from './after-commit.ts'
import type { GovernedAction } from './agreement.ts'
import type { AgentCaller, AppCaller, UserCaller } from './caller.ts'
import type { About, Context, Factors, JoinedAreas, Resource } from './engine.ts'
import type { Limit } from './limits.ts'
import type { CommandLine, Tool } from './surfaces.ts'
import type { WaitForNews } from './wait-for-news.ts'

/**
 * One thing a caller can do, declared once. From this come the HTTP route, the OpenAPI document, the in-process client,
 * the tools and commands, the audit event and the tests that every operation gets.
 *
 * @example
 * export const getVault = operation({
 *   name: 'vaults.get',
 *   summary: 'Read a vault.',
 *   http: { method: 'GET', path: '/v1/vaults/{vault_id}', status: 200, id: 'getVault', tag: 'Vaults' },
 *   effect: 'read',
 *   access: { permission: 'see', resource: ({ vault_id }) => vaultAt(vault_id) },
 *   audit: { action: 'vault.read', resource: 'vault', about: ({ vault_id }) => ({ id: vault_id }) },
 *   input: z.object({ vault_id: id() }),
 *   output: VaultBody,
 *   errors: [vaultNotFound],
 *   run: ({ unit }, { vault_id }) => vaultBody(unit.require(vaultKind, vault_id, vaultNotFound)),
 * })
 */
export interface Operation<I, O, A = I, P extends string = string> {
  /** `area.verb`, the same on every surface. */
  readonly name: string
  readonly summary: string
  /** Default: none, so only callers inside the process can use the operation. */
  readonly http?: HttpRoute
  /** The MCP tools of the operation. Default: none. */
  readonly tools?: readonly Tool<NoInfer<A>, NoInfer<O>>[]
  /** Its command, if the name of the operation does not determine it. Null: there is no command. */
  readonly command?: CommandLine<NoInfer<A>> | null
  /** A `read` stores nothing but its audit event. */
  readonly effect: 'read' | 'write'
  /** Who may call. There is no default, so nothing is public by omission. */
  readonly access: Access<I, P>
  readonly audit: Audit<I, O> | 'none'
  readonly input: Schema<I, A>
  readonly output: Schema<O, O>
  /** Fields of the output that hold a `Secret`. A surface reveals these fields, and tells clients not to store the answer. */
  readonly reveals?: readonly string[]
  /** A read that takes protected data away without a `Secret`, such as the signed trail. The dashboard never hides its event. */
  readonly takesData?: true
  /**
   * A caller can send an `Idempotency-Key`. The engine then makes the call once, and answers a retry within a day with the
   * same answer. Only for signed-in callers and for answers without a secret. `own`: the handler itself keeps the answer,
   * because the answer shows a secret.
   */
  readonly idempotent?: true | 'own'
  /** The user proves again who they are. The input then has a `confirmField`, which travels in the `confirmHeader`. */
  readonly confirms?: Confirms<I>
  /**
   * Policies can require that several people agree first (`consensus_trigger`). The input then has an `agreementField` with the
   * name `approval_id`.
   */
  readonly governed?: readonly GovernedAction<I>[]
  /** How often it may be called. `rate_limited` need not be among its errors. */
  readonly limits?: readonly Limit<NoInfer<I>>[]
  /** A successful call counts as usage. Default: as its area says (`metered`). */
  readonly metered?: boolean
  /** May be called while the vault is sealed. It then finds no record: it is about the vault itself. */
  readonly whileSealed?: true
  /** A caller whose API key has scopes needs none for it: it concerns only the credential itself. */
  readonly anyScope?: true
  /** A platform app may make the call for a user who delegated its scope to the app. */
  readonly delegable?: true
  /**
   * Its unit enters no organisation for the sake of the caller: the handler enters the one in which it acts, which may be
   * another one. It must not read a record of an organisation before that.
   */
  readonly actsElsewhere?: true
  readonly errors: readonly AnyErrorDefinition[]
  /** The summary of its area. The engine fills it in. */
  readonly areaSummary?: string | undefined
  /** The schemas of the operation, if other areas of the engine contribute fields to them. */
  joined?(areas: Pick<JoinedAreas, 'agentSettings' | 'agentAdditions'>): JoinedSchemas
  /** A plain function: it reads, decides and stages. It may run more than once. */
  run(context: Context, input: I): O | CommitThenThrow | AfterCommit<O> | WaitForNews<O>
}

/**
 * That a user proves again who they are, because a stolen token must not be enough for this operation. The proof is a
 * password or a re-authentication token (`rat_`). With a second factor enrolled, only a token that took this factor counts.
 *
 * @example
 * http: { …, headers: confirmHeader },
 * confirms: { purpose: 'account.export' },
 * input: z.object({ auth_confirm: confirmField() }),
 */
export interface Confirms<I> {
  /** The purpose for which a user requests a token, and the only valid use of it: `account.export`. */
  readonly purpose: string | PurposeOf<I>
  /** Whether this call needs a proof. Default: every call. A proof that is given is always checked. */
  readonly when?: (asked: { readonly factors: Factors; readonly context: Context; readonly input: I }) => boolean
  /** Whether a sign-in in the last minutes is a proof for a user without a second factor. Default: false. */
  readonly takesFreshSignIn?: true
}

/** All purposes of an operation with several purposes, and the purpose of one call. */
export interface PurposeOf<I> {
  readonly among: readonly string[]
  of(asked: { readonly context: Context; readonly input: I }): string
}

/** They accept at least the input of the declared schemas, and show at least their output. */
export interface JoinedSchemas {
  readonly input?: { parse(value: unknown): unknown }
  readonly output?: { parse(value: unknown): unknown }
}

export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `{name}` is one segment; `{name+}` is the rest of the path, slashes included. */
  readonly path: string
  readonly status: 200 | 201 | 202 | 204
  /** A field of the answer. Where it is true, something was created, and the status is 201. */
  readonly createdIf?: string
  /** If the answer has these values, the status is 202: the work goes on when something else has happened. */
  readonly acceptedIf?: Readonly<Record<string, string>>
  /** Where the state of work that goes on can be read, for the status 202. Default: the path, and the `id` of the answer. */
  readonly location?: string
  /** The `operationId`, as the contract has it where it has one. */
  readonly id: string
  readonly tag: string
  /** Secret fields that travel in a header, because URLs are logged: the field, and the name of the header in lowercase. */
  readonly headers?: Readonly<Record<string, string>>
  /** The field that holds the body as it arrived, as text, for a signature that covers its bytes. */
  readonly rawBody?: string
  /**
   * Fields of the answer that change whenever the answer does. The entity tag follows from these, so they hold no secret. A
   * caller who shows the tag of this answer gets 304 and no body. Until then it is a call like any other.
   */
  readonly etag?: readonly string[]
  /**
   * The answer has a `cursor`, and the input takes it as `after`, with a `wait`. A caller that accepts `text/event-stream` gets
   * one answer after the other as events, each with a new decision about access.
   */
  readonly follows?: true
  /** Other routes that do the same, for clients that know only those. */
  readonly aliases?: readonly Pick<HttpRoute, 'method' | 'path' | 'status'>[]
}

export type Access<I, P extends string = string> = 'public' | SignedIn | Guarded<I, P>

/**
 * Callers of these kinds. With `admin`, only owners and admins of the organisation. With `operator`, only owners and admins of
 * the first organisation, who run this installation.
 */
export interface SignedIn {
  readonly signedIn: readonly SigningIn[]
  readonly admin?: true
  readonly operator?: true
}

/** Kinds of callers. A platform app (`app`) calls only what names it. */
export type SigningIn = 'user' | 'agent' | 'app'

/** Callers who have the permission on the resource. */
export interface Guarded<I, P extends string = string> {
  /** One that the resource knows; any other does not compile. */
  readonly permission: NoInfer<P>
  readonly resource: (input: I) => Resource<P>
  /** Default: users and agents. */
  readonly signedIn?: readonly SigningIn[]
}

export interface Audit<I, O> {
  /** The name of the event: `secret.read`. */
  readonly action: string
  readonly resource: string
  /** What happened to what: the id of the resource, and details that hold no value of a secret. */
  readonly about?: (input: I, output: O | null) => About
  /** The event with the result of an outgoing call. If the event is missing from the trail, the result is unknown. */
  readonly settled?: string
  /** The handler stages the event of a success, because not every success has one. A refusal always has one. */
  readonly ofRefusals?: true
}

/** The caller of an operation that is not public. */
export function signedIn(context: Context): UserCaller | AgentCaller {
  const { caller } = context
  if (caller.kind === 'anonymous') throw new TypeError('a public operation has no signed-in caller')
  if (caller.kind === 'app')
    throw new TypeError('the operation takes platform apps, so it must ask for its knownCaller')
  return caller
}

/** The caller of an operation that also takes platform apps. */
export function knownCaller({ caller }: Context): UserCaller | AgentCaller | AppCaller {
  if (caller.kind === 'anonymous') throw new TypeError('a public operation has no known caller')
  return caller
}

/** Refuses the call, but commits what the unit staged. For example, a wrong passphrase counts although the answer is an error. */
export class CommitThenThrow {
  readonly error: PawlError

  constructor(error: PawlError) {
    this.error = error
  }
}

/** Gives the declaration its types, and freezes it. It checks nothing. */
export function operation<I, O, A = I, P extends string = string>(
  declaration: Operation<I, O, A, P>,
): Operation<I, O, A> {
  return Object.freeze(declaration)
}

/** An operation as the pipeline sees it. The type of the raw input is open until the pipeline parses it. */
// biome-ignore lint/suspicious/noExplicitAny: the raw input has no type before it is parsed
export type Performable<I, O> = Operation<I, O, any>

/** Any operation, when it does not matter of what. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where inputs and outputs of all operations meet
export type AnyOperation = Operation<any, any, any>

/** Areas by name, operations by verb: `{ secrets: { put, get }, vaults: { … } }`. */
export type Registry = Readonly<Record<string, Readonly<Record<string, AnyOperation>>>>

export function operationsOf(registry: Registry): AnyOperation[] {
  return Object.values(registry).flatMap((area) => Object.values(area))
}
