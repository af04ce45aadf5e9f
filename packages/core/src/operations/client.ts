import type { Area, RegistryOf } from './area.ts'
import type { Operation, Registry } from './operation.ts'

/** Options of one call. */
export interface CallOptions {
  /** Names the call, so that the engine makes it once, even if the client retries. Only for `idempotent` operations. */
  readonly idempotencyKey?: string | undefined
  /** Stops waiting for the answer. The server may still complete the call. */
  readonly signal?: AbortSignal | undefined
}

/** The clients of added areas, by name. Nothing where their names are not known to the compiler. */
export type ClientOfAreas<Areas extends readonly Area[]> = [Areas[number]] extends [never]
  ? unknown
  : string extends Areas[number]['name']
    ? unknown
    : ClientOf<RegistryOf<Areas>>

/** The operations of a registry for one caller, as their declarations type them: one function each. */
export type ClientOf<R extends Registry> = {
  readonly [Area in keyof R]: { readonly [Verb in keyof R[Area]]: CallOf<R[Area][Verb]> }
}

type CallOf<Op> =
  Op extends Operation<infer _I, infer O, infer A>
    ? ((...given: Arguments<Given<A>>) => Promise<O>) & (IsPaged<A, O> extends true ? Pages<Given<A>, O> : unknown)
    : never

type IsPaged<A, O> = 'limit' | 'offset' extends keyof A ? true : 'next_cursor' extends keyof O ? true : false

/** What lists have beside the call, when they come in pages. */
export interface Pages<A, O> {
  /**
   * Returns all entries, page after page. `limit` is the number of entries of a page.
   *
   * @example
   * for await (const event of client.audit.events.each({ action: 'secret.read' })) console.log(event.created_at)
   */
  each(...given: Arguments<Omit<A, 'offset' | 'cursor'>>): AsyncGenerator<ItemOf<O>, void, undefined>
}

type ItemOf<O> = { [Field in keyof O]: O[Field] extends readonly (infer Item)[] ? Item : never }[keyof O]

// biome-ignore lint/complexity/noBannedTypes: asks whether an empty input is enough
type Arguments<A> = {} extends A ? [input?: A, options?: CallOptions] : [input: A, options?: CallOptions]

/** Lists are read and never changed, so constants will do. */
type Given<A> = { readonly [Field in keyof A]: Unchanged<A[Field]> }
type Unchanged<T> = T extends (infer E)[] ? readonly E[] : T
