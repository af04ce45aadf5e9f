// What must hold while Bombadil explores the dashboard. Bombadil brings the modules of this file.

import { always, next } from '@antithesishq/bombadil'
import { extract } from '@antithesishq/bombadil/browser'

export { clicks, inputs, navigation, scroll, waitOnce } from '@antithesishq/bombadil/browser/defaults/actions'
export { noUncaughtExceptions, noUnhandledPromiseRejections } from '@antithesishq/bombadil/browser/defaults/properties'

const seen = extract((state) => state.document.body?.textContent?.trim().length ?? 0)

/** A page is blank for less than five seconds, also while it loads. */
export const noBlankPage = always(() => next(() => seen.current > 0).or(next(() => next(() => seen.current > 0))))

/** What a person typed, by the field. */
const typed = extract((state) =>
  [...state.document.querySelectorAll('form :is(input, textarea)')].map((field) => [field.name, field.value]),
)
const last = extract((state) => (typeof state.lastAction === 'string' ? state.lastAction : 'other'))

/** An edit stays while the person only waits. */
export const noLostEdit = always(() => {
  const before = JSON.stringify(typed.current)
  return next(() => last.current !== 'Wait' || JSON.stringify(typed.current) === before)
})
