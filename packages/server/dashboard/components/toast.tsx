import { useSyncExternalStore } from 'react'
import { Icon } from './icon.tsx'

// Short messages about finished actions. The user never has to act on one, so they disappear.

interface Message {
  readonly id: number
  readonly text: string
}

const shownMs = 4_000
let messages: readonly Message[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Message[]): void {
  messages = next
  for (const told of listeners) told()
}

/** Shows a message about a finished action. */
export function say(text: string): void {
  const id = ++lastId
  set([...messages, { id, text }])
  setTimeout(() => set(messages.filter((one) => one.id !== id)), shownMs)
}

function subscribe(told: () => void): () => void {
  listeners.add(told)
  return () => listeners.delete(told)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => messages)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text }) => (
        <div key={id} className="toast">
          <Icon name="check" />
          {text}
        </div>
      ))}
    </div>
  )
}
