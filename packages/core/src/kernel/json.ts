import canonicalize from 'canonicalize'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Canonical JSON (RFC 8785): equal values have equal texts. Undefined fields are omitted. */
export function canonicalJson(value: unknown): string {
  // Values with ordered fields are already canonical. For them `canonicalize` takes four times as long (20 µs instead
  // of 5 µs for an audit event), and every audited read needs one.
  if (isInOrder(value)) return JSON.stringify(value) ?? 'null'
  try {
    return canonicalize(value) ?? 'null'
  } catch {
    // RFC 8785 has no form for a lone surrogate. A caller can send one, and the event must be recorded.
    return legacyCanonicalJson(value)
  }
}

/**
 * The form before RFC 8785. Stored MACs use it and must still verify. It differs for objects with names that look like
 * array indexes: they come first, in numeric order (`"9"` before `"10"`).
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
  // Object.fromEntries also creates own fields for names such as `__proto__`.
  return Object.fromEntries(entries)
}
