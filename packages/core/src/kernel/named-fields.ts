/**
 * Returns a copy with `change` applied to each named field. A dot leads into an object, or into each item of an array.
 * For a list, `change` applies to each item. Missing fields stay missing.
 *
 * @example
 * changeNamed({ keys: [{ key: 'a' }] }, ['keys.key'], (held) => Secret.of(held))
 */
export function changeNamed(value: unknown, fields: readonly string[], change: (held: unknown) => unknown): unknown {
  return fields.reduce((changed, field) => changeAt(changed, field.split('.'), change), value)
}

function changeAt(value: unknown, [name, ...rest]: readonly string[], change: (held: unknown) => unknown): unknown {
  if (name === undefined) return changeHere(value, change)
  if (Array.isArray(value)) return value.map((one) => changeAt(one, [name, ...rest], change))
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return value
  return { ...value, [name]: changeAt((value as Record<string, unknown>)[name], rest, change) }
}

function changeHere(value: unknown, change: (held: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map((one) => changeHere(one, change)) : change(value)
}
