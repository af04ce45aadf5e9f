/** The value of a key, made and kept when there is none. */
export function madeOnce<K, V extends object>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
