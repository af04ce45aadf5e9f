import { useEffect, useState } from 'react'

const restMs = 250

/** A value that a person types, once it rests. So a search asks the server once, and not for each key. */
export function useSettled<T>(value: T): T {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
