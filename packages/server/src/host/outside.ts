import { resolve } from 'node:path'
import { fileAuditSink } from '@pawl/adapters/audit-sink/file'
import { httpAuditSink } from '@pawl/adapters/audit-sink/http'
import { stripeBilling } from '@pawl/adapters/billing/stripe'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { httpFacilitator } from '@pawl/adapters/facilitator/http'
import { logMailer } from '@pawl/adapters/mailer/log'
import { readSmtpUrl, smtpMailer } from '@pawl/adapters/mailer/smtp'
import type { ModelProviders, PawlOptions } from '@pawl/core'
import { type AuditSink, isMailbox } from '@pawl/core/ports'
import { bundlersOf, chainsOf } from './chains.ts'
import { defaultOf, moduleNamed } from './modules.ts'
import { list, Unfit, unfitServer } from './settings.ts'

/** The settings that allow outgoing connections. */
interface Outside {
  readonly egressAllow: Parameters<typeof nodeEgress>[0]['allow']
  readonly modelProviders: ModelProviders
  readonly smtpUrl: Parameters<typeof smtpMailer>[0]['url'] | null
  readonly mailFrom: string | null
  readonly auditSink: AuditSinkChoice | null
  readonly auditSinkToken: string | null
  readonly stripeKey: string | null
  readonly stripeWebhookSecret: string | null
  readonly nodes: Readonly<Record<string, readonly string[]>>
}

/** The ports that lead out of the machine. A port that is not configured is left out, and the engine refuses its calls. */
export async function outsideOf(
  outside: Outside,
): Promise<Pick<PawlOptions, 'egress' | 'facilitators' | 'mailer' | 'auditSink' | 'billing' | 'chains' | 'bundlers'>> {
  const { egressAllow, smtpUrl, mailFrom, auditSink, nodes } = outside
  return {
    chains: chainsOf(nodes, egressAllow),
    bundlers: bundlersOf(nodes, egressAllow),
    ...(auditSink === null ? {} : { auditSink: await sinkOf(auditSink, outside) }),
    ...(await billingOf(outside)),
    ...egressOf(outside),
    ...mailerOf(smtpUrl, mailFrom),
  }
}

/** A setting that names a model provider also allows its host, only for the requests of that provider. */
function egressOf({ egressAllow: allow, modelProviders }: Outside): Pick<PawlOptions, 'egress' | 'facilitators'> {
  const allowFor = Object.entries(modelProviders).map(
    ([name, url]) => [`model:${name}`, [new URL(url).origin]] as const,
  )
  if (allow.length === 0 && allowFor.length === 0) return {}
  const egress = nodeEgress({ allow, allowFor: Object.fromEntries(allowFor) })
  return { egress, facilitators: (url) => httpFacilitator({ url, egress }) }
}

/** The setting with the Stripe key also allows the host of Stripe, only for the calls of its library. */
async function billingOf({ stripeKey, stripeWebhookSecret }: Outside): Promise<Pick<PawlOptions, 'billing'>> {
  if (stripeKey === null || stripeWebhookSecret === null) return {}
  const egress = nodeEgress({ allow: ['api.stripe.com'] })
  return { billing: await stripeBilling({ apiKey: stripeKey, webhookSecret: stripeWebhookSecret, egress }) }
}

/** Shows mail on the terminal instead of sending it. */
export const toLog = 'log'

function mailerOf(url: string | null, from: string | null): Pick<PawlOptions, 'mailer'> {
  if (url === toLog) return { mailer: logMailer() }
  return url !== null && from !== null ? { mailer: smtpMailer({ url, from }) } : {}
}

export type AuditSinkChoice =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'module'; readonly module: string }
  | { readonly kind: 'http'; readonly url: string }

export function auditSinkChoice(given: string): AuditSinkChoice {
  const [, path] = /^file:(.+)$/.exec(given) ?? []
  if (path !== undefined) return { kind: 'file', path: resolve(path) }
  const module = moduleNamed(given)
  if (module !== null) return { kind: 'module', module }
  const url = URL.canParse(given) ? new URL(given) : null
  if (url?.protocol === 'https:' && url.username === '' && url.hash === '') return { kind: 'http', url: given }
  throw new Unfit(
    'must be file:<path>, module:<path or package>, or a URL such as https://logs.example.com/pawl without credentials',
  )
}

/** The setting that names the collector also allows it. In a private network, PAWL_EGRESS_ALLOW must have its address too. */
async function sinkOf(chosen: AuditSinkChoice, { egressAllow, auditSinkToken: token }: Outside): Promise<AuditSink> {
  if (chosen.kind === 'file') return fileAuditSink({ path: chosen.path })
  if (chosen.kind === 'module') return defaultOf('PAWL_AUDIT_SINK', chosen.module, 'an audit sink', isAuditSink)
  const { hostname, port } = new URL(chosen.url)
  const egress = nodeEgress({ allow: [...egressAllow, port === '' ? hostname : `${hostname}:${port}`] })
  return httpAuditSink({ url: chosen.url, egress, token })
}

function isAuditSink(value: Partial<AuditSink>): value is AuditSink {
  return typeof value.deliver === 'function'
}

export function destinations(given: string): readonly string[] {
  const allow = list(given)
  try {
    nodeEgress({ allow })
    return allow
  } catch {
    throw new Unfit('must be a comma-separated list of hosts, such as api.example.com or http://127.0.0.1:9000')
  }
}

export function smtpServer(given: string): string {
  if (given === toLog) return given
  try {
    readSmtpUrl(given)
    return given
  } catch (error) {
    throw unfitServer(error)
  }
}

export function mailbox(given: string): string {
  if (!isMailbox(given)) throw new Unfit('must be one e-mail address, such as vault@example.com')
  return given
}
