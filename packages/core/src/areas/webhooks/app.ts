import type { Secret } from '../../kernel/secret.ts'
import type { UnitContext } from '../../operations/index.ts'
import { type Webhook, webhookKind } from './records.ts'
import { newSecret, newWebhook, removeWebhook, withSecret } from './webhook.ts'

// The webhook of a platform app. The app has one URL, and the same engine delivers to it.

/**
 * Sets or removes the URL that gets the events about an app. The caller has checked it with `checkOutgoingUrl`. Returns the
 * signing secret when the webhook is new.
 */
export function setAppWebhook(
  context: UnitContext,
  { appId, url }: { readonly appId: string; readonly url: string | null },
): Secret<string> | null {
  const { unit, now } = context
  const known = unit.find(webhookKind, 'app', appId)
  if (url === null) {
    if (known) removeWebhook(context, known)
    return null
  }
  if (known) {
    unit.put(webhookKind, { ...known, url, updatedAt: now })
    return null
  }
  const secret = newSecret(context)
  newWebhook(context, { url, events: ['platform.*'], description: null, appId, createdBy: null, secret })
  return secret
}

/** Replaces the signing secret of an app's webhook at once. Null: the app has no webhook. */
export function rotateAppWebhookSecret(context: UnitContext, appId: string): Secret<string> | null {
  const { unit, now } = context
  const webhook: Webhook | null = unit.find(webhookKind, 'app', appId)
  if (!webhook) return null
  const secret = newSecret(context)
  unit.put(webhookKind, { ...webhook, secrets: withSecret(webhook, secret, now, 0), updatedAt: now })
  return secret
}
