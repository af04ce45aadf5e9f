export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** JSON with sorted keys and no spaces, so that equal values have equal texts. Fields that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(isSorted(value) ? value : sorted(value)) ?? 'null'
}

/** Most of what is asked about was built in order, and then the native way is the fast one. */
function isSorted(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every(isSorted)
  let before = ''
  for (const key of Object.keys(value)) {
    if (key < before || !isSorted((value as Record<string, unknown>)[key])) return false
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
  // Object.fromEntries makes own fields even of names such as `__proto__`. Numeric names go first whatever we do, and
  // so they do each time.
  return Object.fromEntries(entries)
}
