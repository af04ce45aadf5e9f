import { type Html, html } from '@pawl/core/surfaces'

/** A time in UTC, to the minute. */
export function timeHtml(rfc3339: string): Html {
  return html`<time datetime="${rfc3339}">${rfc3339.slice(0, 16).replace('T', ' ')} UTC</time>`
}
