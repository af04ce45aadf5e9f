import type { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { api, asDashboard, base, isSignedOut } from './api.ts'
import { me } from './asked.ts'
import { isUnsaved, isUnstored } from './components/unsaved.ts'

// The session of the user in this browser, over all tabs. No script can read the token.

/** Messages between the tabs. After `signed out`, a tab shows nothing. */
type News = 'started' | 'ended' | 'signed out'

const tabs = new BroadcastChannel('pawl-session')
const keptEveryMs = 4 * 60_000

let cache: QueryClient | null = null

/** Renews the session while the page is visible, and ends it in this tab when it ends in another tab. */
export function startSession(ofPage: QueryClient): void {
  cache = ofPage
  tabs.onmessage = ({ data }: MessageEvent<News>) => {
    if (data === 'signed out') leave()
    else if (data === 'ended') endHere()
    else void resume()
  }
  setInterval(() => document.visibilityState === 'visible' && void keep(), keptEveryMs)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void keep())
  // A page from the browser's back/forward cache shows what it showed before the user signed out, so it is loaded again.
  addEventListener('pageshow', (event) => event.persisted && location.reload())
  void keep().then((isKept) => isKept && tell('started'))
}

const tell = (news: News) => tabs.postMessage(news)

async function keep(): Promise<boolean> {
  const answer = await fetch(`${base}session`, { method: 'POST', headers: asDashboard }).catch(() => null)
  if (answer?.status === 401) endSession()
  return answer?.ok ?? false
}

/** Ends the session in this browser if an answer of the server says that it has ended. */
export function noteError(error: unknown): void {
  if (isSignedOut(error)) endSession()
}

/** Ends the session in all tabs. A tab hides its page, or asks first if text would be lost. */
function endSession(): void {
  if (asking !== 'ended') tell('ended')
  endHere()
}

/** Why this tab asks before it discards text that the person typed. */
type Asking = 'ended' | 'signs out' | null

let asking: Asking = null
/** Who typed the text of this tab. The cache may have another person as soon as they sign in. */
let typist: string | undefined
const listeners = new Set<() => void>()

function ask(next: Asking): void {
  asking = next
  for (const notify of listeners) notify()
}

export function useSessionQuestion(): Asking {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify)
      return () => listeners.delete(notify)
    },
    () => asking,
  )
}

/** The server refuses a form that was sent after the end, so the text of sent forms counts too. */
function endHere(): void {
  if (isUnstored(document)) {
    if (asking !== 'ended') typist = cache?.getQueryData(me.queryKey)?.id
    ask('ended')
  } else leave()
}

/** Continues after a sign-in in another tab. If another person signed in, this tab discards the text. */
async function resume(): Promise<void> {
  if (asking !== 'ended') return
  const now = await api.auth.me().catch(() => null)
  if (now === null) return
  if (now.id !== typist) return leave()
  ask(null)
  await cache?.invalidateQueries()
}

function forget(): void {
  cache?.clear()
  document.getElementById('app')?.replaceChildren()
}

/** Leaves to the sign-in page, which leads back here. */
export function leave(): void {
  forget()
  const here = location.pathname + location.search
  const path = here.slice(base.length - 1)
  location.replace(path === '/' ? `${base}login` : `${base}login?next=${encodeURIComponent(here)}`)
}

/** Signs out. Asks first when text would be lost. */
export const signOut = () => (isUnsaved(document) ? ask('signs out') : signOutNow())

export const stay = () => ask(null)

/** Signs out with the form that the pages use, so that the answer clears what this browser keeps. */
export function signOutNow(): void {
  tell('signed out')
  forget()
  const form = document.createElement('form')
  form.method = 'post'
  form.action = `${base}logout`
  document.body.append(form)
  form.submit()
}
