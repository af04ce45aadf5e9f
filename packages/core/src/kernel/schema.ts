/**
 * All the engine asks of a schema library: parse, or throw an error with `issues`. Zod 4 fits. Only this type stands in
 * generic positions, never a library's own: with hundreds of operations that would cost minutes of type checking.
 */
export interface Schema<T> {
  parse(value: unknown): T
}
