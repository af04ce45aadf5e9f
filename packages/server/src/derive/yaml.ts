type Data = string | number | boolean | null | undefined | readonly Data[] | { readonly [name: string]: Data }

/**
 * Writes data of JSON as YAML 1.2. A text is quoted as in JSON, which YAML reads alike.
 *
 * @example
 * yamlOf({ info: { title: 'Pawl' } }) // info:\n  title: "Pawl"\n
 */
export function yamlOf(data: unknown): string {
  return `${block(data as Data, '').trimStart()}\n`
}

/** A list or an object begins on the next line, anything else on this one. */
function block(data: Data, indent: string): string {
  if (Array.isArray(data)) {
    const lines = data.map((one) => `\n${indent}-${block(one ?? null, `${indent}  `)}`)
    return lines.length === 0 ? ' []' : lines.join('')
  }
  if (typeof data !== 'object' || data === null) return ` ${JSON.stringify(data)}`
  const fields = Object.entries(data).filter(([, value]) => value !== undefined)
  if (fields.length === 0) return ' {}'
  return fields.map(([name, value]) => `\n${indent}${nameOf(name)}:${block(value, `${indent}  `)}`).join('')
}

function nameOf(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name)
    ? name
    : JSON.stringify(name)
}
