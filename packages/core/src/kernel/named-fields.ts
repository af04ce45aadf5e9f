/**
 * Returns a copy with `change` applied to each named field. A dot leads into an object, or into each item of an array.
 * For a list, `change` applies to each item. Missing fields stay missing.
 *
 * @example
 * changeNamed({ keys: [{ key: 'a' }] }, ['keys.key'], (held) => Secret.of(held))
 */
export function changeNamed(value: unknown, fields: readonly string[], change: (held: unknown) => unknown): unknown {
  return fields.reduce((changed, field) => changeAt(changed, field, change), value)
}

function changeAt(value: unknown, field: string, change: (held: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => changeAt(one, field, change))
  const dot = field.indexOf('.')
  const name = dot === -1 ? field : field.slice(0, dot)
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return value
  const held = (value as Record<string, unknown>)[name]
  return { ...value, [name]: dot === -1 ? changeHere(held, change) : changeAt(held, field.slice(dot + 1), change) }
}

function changeHere(value: unknown, change: (held: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map((one) => changeHere(one, change)) : change(value)
}
