import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type api, asDashboard, serverUrl } from './api.ts'

export type Activity = Awaited<ReturnType<typeof api.shroud.listActivity>>['events'][number]

const againMs = 3_000

/** Adds each new request to the answer of this query while it is on. The server ends the stream when the user may see no more. */
export function useLiveActivity(isOn: boolean, agentId: string, queryKey: readonly string[], most: number): void {
  const client = useQueryClient()
  const key = queryKey.join('/')
  useEffect(() => {
    if (!isOn) return
    const leaving = new AbortController()
    const add = (news: readonly Activity[]) =>
      client.setQueryData<Activity[]>(key.split('/'), (known = []) => merged(known, news).slice(0, most))
    void stay(agentId, leaving.signal, add)
    return () => leaving.abort()
  }, [client, isOn, agentId, key, most])
}

/** An event can come twice. */
function merged(known: readonly Activity[], news: readonly Activity[]): Activity[] {
  const ids = new Set(known.map(({ id }) => id))
  return [...news.filter(({ id }) => !ids.has(id)).reverse(), ...known]
}

/** Connects again, because sessions are renewed and proxies end connections. */
async function stay(agentId: string, signal: AbortSignal, add: (news: readonly Activity[]) => void): Promise<void> {
  while (!signal.aborted) {
    await follow(agentId, signal, add).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, againMs))
  }
}

async function follow(agentId: string, signal: AbortSignal, add: (news: readonly Activity[]) => void): Promise<void> {
  const query = agentId === '' ? '' : `?agent_id=${agentId}`
  const response = await fetch(`${serverUrl}/v1/shroud/activity/news${query}`, {
    ...{ signal, credentials: 'same-origin', headers: { ...asDashboard, accept: 'text/event-stream' } },
  })
  const reader = response.ok ? response.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined
  let rest = ''
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const lines = (rest + read.value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const { events = [] } = line.startsWith('data: ') ? (JSON.parse(line.slice(6)) as { events?: Activity[] }) : {}
      if (events.length > 0) add(events)
    }
  }
}
