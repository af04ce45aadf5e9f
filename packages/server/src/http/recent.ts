/**
 * A map that keeps what was used lately and cannot grow past `max` entries. It has two generations: when the younger one
 * is full it becomes the older one, and what was not touched since the last time is gone. So forgetting costs nothing,
 * however many names a stranger makes up.
 */
export interface Recent<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
  readonly size: number
}

export function recent<K, V>(max: number): Recent<K, V> {
  let young = new Map<K, V>()
  let old = new Map<K, V>()
  const set = (key: K, value: V) => {
    if (young.size >= max / 2) [old, young] = [young, new Map()]
    young.set(key, value)
  }
  return {
    get: (key) => {
      const value = young.get(key)
      if (value !== undefined) return value
      const aged = old.get(key)
      if (aged !== undefined) set(key, aged)
      return aged
    },
    set,
    get size() {
      return young.size + old.size
    },
  }
}
