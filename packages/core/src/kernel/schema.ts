/**
 * The part of a schema library that the engine uses: `parse` returns the value or throws an error with `issues`. `T` is
 * the output, `A` the accepted input (without fields that have defaults, with times as strings). Zod 4 fits, and every
 * library with Standard Schema and `parse`. Generic types use only this interface. With the types of a library, type
 * checking hundreds of operations would take minutes.
 */
export interface Schema<T, A = T> {
  parse(value: unknown): T
  readonly '~standard'?: { readonly types?: { readonly input: A; readonly output: T } | undefined }
}
