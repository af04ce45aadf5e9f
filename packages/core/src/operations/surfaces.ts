import type { Schema } from '../kernel/schema.ts'

// How people and models see an operation, where the operation itself does not determine it.

/**
 * An MCP tool: what the model sees, and which call the tool makes. Default of `input`: the input of the operation. Default of
 * `answer`: the output of the operation. If the tool has no `vault_id`, the session provides it.
 *
 * @example
 * tools: [{ name: 'list_secrets', summary: 'List the secrets of the vault, without their values.' }]
 */
export interface Tool<A, O> {
  readonly name: string
  /** For the model: what it does, and when to use it. */
  readonly summary: string
  readonly input?: Schema<unknown>
  /**
   * Whether a session that shows no values leaves the tool out. True for a tool that lets others read a value. False for one
   * whose answer holds no stored value. Default: whether the operation reveals something.
   */
  readonly opensValues?: boolean
  /** The input of the operation, from what the model gave and the tool's own `input` has parsed. */
  call?(given: never): Partial<A>
  /** The result for the model. Throws a `PawlError` if the result is an error. */
  answer?(output: O, given: never): unknown
}

/**
 * A tool with an input of its own: gives `call` and `answer` the types of what was parsed.
 *
 * @example
 * tool({ name: 'get_secret', summary: '…', input: z.object({ path: pathField() }), call: ({ path }) => ({ path }) })
 */
export function tool<T, A, O>(declaration: {
  readonly name: string
  readonly summary: string
  readonly input: Schema<T>
  readonly opensValues?: boolean
  call(given: T): A
  answer?(output: O, given: T): unknown
}): Tool<A, O> {
  return declaration
}

/** The name and the arguments of a command, if the default `<noun> <verb> <path parameters>` does not fit. */
export interface CommandLine<A> {
  /** `secret set` */
  readonly name?: string
  /** The positional arguments, in this order. Every other field is a flag. */
  readonly positionals?: readonly (keyof A & string)[]
  /** Flags whose name is not that of their field, or that have a letter too: `{ charset: 'c', generate: 'generate g' }`. */
  readonly flags?: Readonly<Partial<Record<keyof A & string, string>>>
  /** The columns of a list or an answer, as paths into the output. Default: everything that fits. */
  readonly columns?: readonly string[]
  /** The command fails if a field of the answer has another value than this: `{ status: 'healthy' }`. */
  readonly succeeds?: Readonly<Record<string, string | number | boolean>>
}
