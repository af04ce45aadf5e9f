import type { AnyOperation } from './operation.ts'

// The scopes of an API key of a person: read or write in one area. The list of scopes is derived from the operations.

const everything = '*'

/** The scope of an operation, such as `secrets:read`. */
export function scopeOf({ name, effect }: Pick<AnyOperation, 'name' | 'effect'>): string {
  return `${areaOf(name)}:${effect}`
}

/** All scopes that a key can have. */
export function scopesOf(operations: readonly AnyOperation[]): readonly string[] {
  const limited = operations.filter(({ access, anyScope }) => access !== 'public' && !anyScope)
  const scopes = limited.flatMap((one) => [scopeOf(one), `${areaOf(one.name)}:*`])
  return [everything, ...[...new Set(scopes)].sort()]
}

/** Returns whether a key with these scopes has one more scope. A key without scopes has all of them. */
export function hasScope(own: readonly string[], wanted: string): boolean {
  const [area] = wanted.split(':')
  return own.length === 0 || [everything, wanted, `${area}:*`].some((one) => own.includes(one))
}

function areaOf(name: string): string {
  return name.slice(0, name.indexOf('.'))
}
