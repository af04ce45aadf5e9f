/** Returns the value of a key. Creates and stores the value if it is missing. */
export function madeOnce<K, V extends object>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
