import { hash } from 'node:crypto'

/** The ETag of an answer, from the fields that its operation names; null if it names none. */
export function entityTag(fields: readonly string[] | undefined, output: unknown): string | null {
  if (fields === undefined) return null
  const values = (output ?? {}) as Readonly<Record<string, unknown>>
  const text = JSON.stringify(fields.map((name) => values[name] ?? null))
  return `"${hash('sha256', text, 'base64url')}"`
}

/** Whether the caller sent this ETag, alone or among others. A proxy may have made it weak. */
export function isKnown(tag: string, shown: string | undefined): boolean {
  if (shown === undefined) return false
  const tags = shown.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes(tag) || (tags.length === 1 && tags[0] === '*')
}
