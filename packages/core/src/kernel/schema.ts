/**
 * All the engine asks of a schema library: parse, or throw an error with `issues`. `T` is what comes out, `A` what a
 * caller may put in (fields with defaults left out, times as text). Zod 4 fits, and so does whatever speaks Standard
 * Schema and has `parse`. Only this type stands in generic positions, never a library's own: with hundreds of
 * operations that would cost minutes of type checking.
 */
export interface Schema<T, A = T> {
  parse(value: unknown): T
  readonly '~standard'?: { readonly types?: { readonly input: A; readonly output: T } | undefined }
}
