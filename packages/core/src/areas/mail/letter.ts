import { html } from '../../kernel/html.ts'
import type { Message } from '../../ports/mailer.ts'

/** A message to one address, as parts. The plain text and the HTML contain the same. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly parts: readonly Part[]
}

/** A paragraph, a link with its label, or text to copy such as a code. */
export type Part = string | { readonly link: string; readonly label: string } | { readonly copy: string }

/** Returns the message of a letter. */
export function messageOf({ to, subject, parts }: Letter, id: string): Message {
  const body = html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<body style="font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:2em auto;padding:0 1em">
${parts.map(htmlOf)}</body></html>`
  return { id, to, subject, text: `${parts.map(textOf).join('\n\n')}\n`, html: body.text }
}

function textOf(part: Part): string {
  if (typeof part === 'string') return part
  return 'link' in part ? `${part.label}:\n${part.link}` : part.copy
}

function htmlOf(part: Part) {
  if (typeof part === 'string') return html`<p>${part}</p>\n`
  if ('copy' in part)
    return html`<p style="font:1.25em ui-monospace,monospace;overflow-wrap:anywhere">${part.copy}</p>\n`
  return html`<p><a href="${part.link}">${part.label}</a></p>
<p style="font-size:.85em;overflow-wrap:anywhere">${part.link}</p>\n`
}
