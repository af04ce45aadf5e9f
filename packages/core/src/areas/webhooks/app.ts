import type { Secret } from '../../kernel/secret.ts'
import { checkOutgoingUrl, type UnitContext } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { type Webhook, webhookKind } from './records.ts'
import { activated, newSecret, newWebhook, removeWebhook, withSecret } from './webhook.ts'

// The webhook of a platform app. The app has one URL, and the same engine delivers to it.

/**
 * Sets or removes the URL that gets the events about an app, and refuses one that no webhook may have. A webhook that was disabled
 * is active again. Returns the signing secret when the webhook is new.
 */
export function setAppWebhook(
  context: UnitContext,
  { appId, url: given }: { readonly appId: string; readonly url: string | null },
): Secret<string> | null {
  const { unit, now } = context
  const known = appWebhook(unit, appId)
  if (given === null) {
    if (known) removeWebhook(context, known)
    return null
  }
  const url = checkOutgoingUrl(context, 'webhook_url', given)
  if (known) {
    unit.put(webhookKind, { ...activated(context, known, true), url, updatedAt: now })
    return null
  }
  const secret = newSecret(context)
  newWebhook(context, { url, events: ['platform.*'], description: null, appId, createdBy: null, secret })
  return secret
}

/** The webhook of an app of this unit's organisation. Null: the app has none. */
export function appWebhook(unit: Pick<Unit, 'find'>, appId: string): Webhook | null {
  return unit.find(webhookKind, 'app', appId)
}

/** Replaces the signing secret of an app's webhook at once. Null: the app has no webhook. */
export function rotateAppWebhookSecret(context: UnitContext, appId: string): Secret<string> | null {
  const { unit, now } = context
  const webhook = appWebhook(unit, appId)
  if (!webhook) return null
  const secret = newSecret(context)
  unit.put(webhookKind, { ...webhook, secrets: withSecret(webhook, secret, now, 0), updatedAt: now })
  return secret
}
