import type { Egress, EgressRequest, Mailer, Message } from '@pawl/core/ports'
import { type CallOf, delayed, type FailingOptions, failed, intercept, listed, type SlowOptions } from './intercept.ts'

// What leads out of the machine: mail, and everything else.

// A record of calls contains neither the text of a message nor its recipient.
const mails = { send: ({ id, subject }: Message) => ({ id, subject }) }
const requests = {
  fetch: ({ purpose, url, body }: EgressRequest) => ({
    purpose,
    host: URL.canParse(url) ? new URL(url).host : '',
    bytes: body?.length ?? 0,
  }),
}

export type MailerCall = CallOf<typeof mails>
export type EgressCall = CallOf<typeof requests>

const unreachable = () => new Error('Nothing outside can be reached, on purpose.')

/**
 * Waits before every message, or after it was taken.
 *
 * @example
 * slowMailer(memoryMailer(), () => sleep(20))
 */
export function slowMailer<M extends Mailer>(mailer: M, sleep: () => Promise<void>, options: SlowOptions = {}): M {
  return intercept(mailer, mails, delayed(sleep, options))
}

/**
 * Does not take some messages; or, with `after`, takes them and says that it did not.
 *
 * @example
 * failingMailer(memoryMailer(), { at: 1, after: true })
 */
export function failingMailer<M extends Mailer>(mailer: M, options: FailingOptions<MailerCall>): M {
  return intercept(mailer, mails, failed(options, unreachable))
}

/**
 * Lists the messages by id and subject, in the order they were sent.
 *
 * @example
 * recordingMailer(mailer).calls.length
 */
export function recordingMailer<M extends Mailer>(mailer: M): M & { readonly calls: readonly MailerCall[] } {
  const calls: MailerCall[] = []
  return Object.assign(intercept(mailer, mails, listed(calls)), { calls })
}

/**
 * Waits before every request, or after it was answered.
 *
 * @example
 * slowEgress(egress, () => sleep(20))
 */
export function slowEgress<E extends Egress>(egress: E, sleep: () => Promise<void>, options: SlowOptions = {}): E {
  return intercept(egress, requests, delayed(sleep, options))
}

/**
 * Fails some requests; with `after`, when they have arrived.
 *
 * @example
 * failingEgress(egress, { every: 1, only: ({ purpose }) => purpose === 'webhook' })
 */
export function failingEgress<E extends Egress>(egress: E, options: FailingOptions<EgressCall>): E {
  return intercept(egress, requests, failed(options, unreachable))
}

/**
 * Lists the requests by purpose and host, in the order they were made.
 *
 * @example
 * recordingEgress(egress).calls.map(({ host }) => host)
 */
export function recordingEgress<E extends Egress>(egress: E): E & { readonly calls: readonly EgressCall[] } {
  const calls: EgressCall[] = []
  return Object.assign(intercept(egress, requests, listed(calls)), { calls })
}
