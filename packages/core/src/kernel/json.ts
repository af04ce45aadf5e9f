import canonicalize from 'canonicalize'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** JSON as RFC 8785 writes it: equal values have equal texts. Fields that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  // Values that were built in order are already in that form; `canonicalize` takes four times as long for them (20 µs for
  // an audit event in place of 5), and each audited read waits for one.
  if (isInOrder(value)) return JSON.stringify(value) ?? 'null'
  try {
    return canonicalize(value) ?? 'null'
  } catch {
    // RFC 8785 has no form for half a surrogate pair. A caller may send one, and what was done is recorded all the same.
    return legacyCanonicalJson(value)
  }
}

/**
 * The form before RFC 8785, in which MACs were made that are still verified. It differs where an object has names that
 * look like array indexes: they stand before all others, in the order of their numbers (`"9"` before `"10"`).
 */
export function legacyCanonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null'
}

function isInOrder(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isInOrder)
  let before = ''
  for (const key of Object.keys(value)) {
    if (key < before || !isInOrder((value as Record<string, unknown>)[key])) return false
    before = key
  }
  return true
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(sorted)
  const fields = value as Record<string, unknown>
  const entries = Object.keys(fields)
    .sort()
    .map((key) => [key, sorted(fields[key])] as const)
  // Object.fromEntries makes own fields even of names such as `__proto__`.
  return Object.fromEntries(entries)
}
