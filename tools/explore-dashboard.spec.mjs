// What must hold while Bombadil explores the dashboard, and how it signs in. Bombadil brings the modules of this file.

import { actions, always, next, weighted } from '@antithesishq/bombadil'
import { extract, getFingerprint } from '@antithesishq/bombadil/browser'
import { clicks, inputs, navigation, scroll, waitOnce } from '@antithesishq/bombadil/browser/defaults/actions'
import { clickablePoint, queryAll } from '@antithesishq/bombadil/browser/dom'

export { noUncaughtExceptions, noUnhandledPromiseRejections } from '@antithesishq/bombadil/browser/defaults/properties'

/** The next step of the sign-in, or null on any other page. The explorer signs out now and then. */
const signIn = extract(({ document, window }) => {
  if (!window.location.pathname.startsWith('/login')) return null
  // explore-dashboard.ts writes `account` in front of this file.
  const fields = Object.entries(account).map(([name, text]) => [document.querySelector(`input[name=${name}]`), text])
  if (fields.some(([field]) => field === null)) return 'Back'
  const [field, text] = fields.find(([{ value }, text]) => value !== text) ?? []
  if (field?.value) return 'Reload'
  if (field && document.activeElement === field) {
    return { TypeText: { text: { Regexp: text.replace(/[.+]/g, '\\$&') }, delayMillis: 1 } }
  }
  const element = field ?? document.querySelector('form button')
  const { x, y, width, height } = element.getBoundingClientRect()
  return { Click: { fingerprint: getFingerprint(element), point: { x: x + width / 2, y: y + height / 2 } } }
})

/** The controls of the page, without the navigation. With the navigation, most clicks would only change the page. */
const offered = extract(({ document, window }) => {
  const within = document.querySelector('dialog[open]') ?? document.querySelector('main')
  const found = within ? queryAll(within, 'a, button, summary, select, input, [role=tab], [role=treeitem]') : []
  return found.flatMap((element) => {
    const point = element.disabled ? null : clickablePoint(element)
    const isSeen = point && point.x > 0 && point.y > 0 && point.x < window.innerWidth && point.y < window.innerHeight
    return isSeen ? [{ fingerprint: getFingerprint(element), point }] : []
  })
})
const work = actions(() => offered.current.map((target) => ({ Click: target })))

const everything = weighted([
  [6, work],
  [1, clicks],
  [4, inputs],
  [1, scroll],
  [1, navigation],
  [1, waitOnce],
])

export const explore = actions(() => (signIn.current === null ? everything.generate() : [signIn.current]))

const seen = extract((state) => state.document.body?.textContent?.trim().length ?? 0)

/** A page is blank for less than five seconds, also while it loads. */
export const noBlankPage = always(() => next(() => seen.current > 0).or(next(() => next(() => seen.current > 0))))

/** What is in the fields that the person edited, by the name of the field. */
const edited = extract(({ document }) =>
  [...document.querySelectorAll('form :is(input, textarea)')]
    .filter(({ value, defaultValue }) => value !== defaultValue)
    .map(({ name, value }) => `${name}: ${value}`),
)
const last = extract(({ lastAction }) => {
  if (typeof lastAction === 'string') return lastAction
  return lastAction && 'TypeText' in lastAction ? 'TypeText' : 'other'
})

/** What the person typed stays while they wait. After a click, a form may close. */
export const noLostEdit = always(() => {
  const before = last.current === 'TypeText' ? edited.current : []
  return next(() => last.current !== 'Wait' || before.every((one) => edited.current.includes(one)))
})
