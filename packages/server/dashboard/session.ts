import type { QueryClient } from '@tanstack/react-query'
import { asDashboard, base } from './api.ts'

// The session of the user in this browser, over all tabs. No script can read the token.

const tabs = new BroadcastChannel('pawl-session')
const keptEveryMs = 4 * 60_000

let forget = () => {}

/** Renews the session while the page is visible, and ends it in this tab when it ends in another tab. */
export function startSession(cache: QueryClient): void {
  forget = () => cache.clear()
  tabs.onmessage = () => leave()
  setInterval(() => document.visibilityState === 'visible' && void keep(), keptEveryMs)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void keep())
  // A page from the browser's back/forward cache shows what it showed before the user signed out, so it is loaded again.
  addEventListener('pageshow', (event) => event.persisted && location.reload())
  void keep()
}

async function keep(): Promise<void> {
  const answer = await fetch(`${base}session`, { method: 'POST', headers: asDashboard }).catch(() => null)
  if (answer?.status === 401) endSession()
}

/** The session has ended: no tab shows anything of it any more. */
export function endSession(): void {
  tabs.postMessage('ended')
  leave()
}

function leave(): void {
  forget()
  document.getElementById('app')?.replaceChildren()
  const here = location.pathname + location.search
  const path = here.slice(base.length - 1)
  location.replace(path === '/' ? `${base}login` : `${base}login?next=${encodeURIComponent(here)}`)
}

/** Signs out with the form that the pages use, so that the answer clears what this browser keeps. */
export function signOut(): void {
  tabs.postMessage('ended')
  forget()
  const form = document.createElement('form')
  form.method = 'post'
  form.action = `${base}logout`
  document.body.append(form)
  form.submit()
}
