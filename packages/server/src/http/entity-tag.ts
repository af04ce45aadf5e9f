import { createHash } from 'node:crypto'

/** The tag of an answer, from the fields that its operation names; null where it names none. */
export function entityTag(fields: readonly string[] | undefined, output: unknown): string | null {
  if (fields === undefined) return null
  const values = (output ?? {}) as Readonly<Record<string, unknown>>
  const text = JSON.stringify(fields.map((name) => values[name] ?? null))
  return `"${createHash('sha256').update(text).digest('base64url')}"`
}

/** Whether the caller has shown this tag, alone or among others. Proxies may have weakened it. */
export function isKnown(tag: string, shown: string | undefined): boolean {
  if (shown === undefined) return false
  const tags = shown.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags.includes(tag) || (tags.length === 1 && tags[0] === '*')
}
