import { useSyncExternalStore } from 'react'
import { problemOf } from '../api.ts'
import { Icon } from './icon.tsx'

// Short messages about actions that have no form. They disappear after a time. An error stays longer.

interface Message {
  readonly id: number
  readonly text: string
  readonly isProblem: boolean
}

const shownMs = 4_000
const problemShownMs = 12_000
let messages: readonly Message[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Message[]): void {
  messages = next
  for (const told of listeners) told()
}

/** Shows a message about a finished action. */
export function say(text: string): void {
  add(text, false)
}

/** Shows why an action failed. */
export function sayProblem(error: unknown): void {
  add(problemOf(error).text, true)
}

function add(text: string, isProblem: boolean): void {
  const id = ++lastId
  set([...messages, { id, text, isProblem }])
  setTimeout(() => set(messages.filter((one) => one.id !== id)), isProblem ? problemShownMs : shownMs)
}

function subscribe(told: () => void): () => void {
  listeners.add(told)
  return () => listeners.delete(told)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => messages)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, isProblem }) => (
        <div key={id} className={isProblem ? 'toast bad' : 'toast'} role={isProblem ? 'alert' : undefined}>
          <Icon name={isProblem ? 'warn' : 'check'} />
          {text}
        </div>
      ))}
    </div>
  )
}
