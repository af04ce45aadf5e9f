import { createHash } from 'node:crypto'
import { Html, html } from '@pawl/core/surfaces'
import type { WebResponse } from '../web/messages.ts'
import { style } from './style.ts'

/** The answer of a page: HTML in the common layout, or a redirect. */
export interface Reply {
  readonly status: number
  readonly title: string
  readonly body: Html
  readonly headers?: readonly string[]
  /** Another site that a form of the page may lead to. Browsers also check where the answer to a form redirects. */
  readonly formLeadsTo?: string
  /** Hash sources of scripts that the page contains, for the Content-Security-Policy. Default: none runs. */
  readonly scripts?: readonly string[]
}

/** Builds a page. Default status: 200. */
export function page(title: string, body: Html, more: Partial<Reply> = {}): Reply {
  return { status: 200, title, body, ...more }
}

/** Sends the browser to another page of this server, with GET. */
export function seeOther(path: string, headers: readonly string[] = []): Reply {
  return {
    status: 303,
    title: 'Continue',
    body: html`<p><a href="${path}">Continue</a></p>`,
    headers: ['location', path, ...headers],
  }
}

const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** The response of a reply. No page loads anything from another site, and no other site can frame it. */
export function responseOf({ status, title, body, headers = [], formLeadsTo, scripts = [] }: Reply): WebResponse {
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}`,
    ...(scripts.length > 0 ? [`script-src ${scripts.join(' ')}`] : []),
    `form-action 'self'${formLeadsTo ? ` ${new URL(formLeadsTo).origin}` : ''}`,
    "font-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    status,
    headers: [
      ...['content-type', 'text/html; charset=utf-8', 'cache-control', 'no-store'],
      ...['content-security-policy', policy.join('; '), 'x-frame-options', 'DENY'],
      // A form sends its origin with this policy. With no-referrer, it would send `null`.
      ...['referrer-policy', 'same-origin', 'cross-origin-opener-policy', 'same-origin'],
      ...['x-robots-tag', 'noindex'],
      ...headers,
    ],
    body: frame(title, body).text,
  }
}

function frame(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Pawl</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<p class="brand">Pawl</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
}
