/** Data of JSON that cannot be changed any more, all the way down. Bytes stay as they are: they cannot be frozen. */
export function deepFreeze<T>(data: T): T {
  if (data === null || typeof data !== 'object' || Object.isFrozen(data) || ArrayBuffer.isView(data)) return data
  Object.freeze(data)
  for (const value of Object.values(data)) deepFreeze(value)
  return data
}

/** Whether two values of plain data have the same fields with the same values. A field with the value undefined is a field. */
export function isSameData(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false
  if (Array.isArray(one) !== Array.isArray(other) || !isPlain(one) || !isPlain(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>]
  return names.every((name) => Object.hasOwn(right, name) && isSameData(left[name], right[name]))
}

/** The first field of `given` that `kept` does not have, such as `agent.name`; null when it has all. */
export function lostField(given: unknown, kept: unknown, path = ''): string | null {
  if (given === undefined || given === null || typeof given !== 'object' || !isPlain(given)) return null
  if (kept === null || typeof kept !== 'object') return path
  for (const [name, value] of Object.entries(given)) {
    const at = path === '' ? name : `${path}.${name}`
    if (value !== undefined && !Object.hasOwn(kept, name)) return at
    const lost = lostField(value, (kept as Record<string, unknown>)[name], at)
    if (lost !== null) return lost
  }
  return null
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}
