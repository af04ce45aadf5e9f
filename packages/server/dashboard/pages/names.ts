import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { agents, members } from '../asked.ts'

const noOne: readonly never[] = []

/** The names of agents and members. Others keep the beginning of their id. */
export function useNames(): (id: string) => string {
  const { data: knownAgents = noOne } = useQuery(agents)
  const { data: knownMembers = noOne } = useQuery(members)
  // A map, because a table with a thousand rows asks a thousand times.
  const names = useMemo(
    () =>
      new Map([
        ...knownMembers.map(({ id, display_name, email }) => [id, display_name || email] as const),
        ...knownAgents.map(({ id, name }) => [id, name] as const),
      ]),
    [knownAgents, knownMembers],
  )
  return (id) => names.get(id) ?? (id.slice(0, 8) || 'unknown')
}
