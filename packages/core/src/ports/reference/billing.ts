import { equalBytes, hex, utf8 } from '../../kernel/bytes.ts'
import { minute } from '../../kernel/time.ts'
import { type Billing, type BillingEvent, BillingEventRefused, type Checkout } from '../billing.ts'
import { nobleCrypto } from './crypto.ts'

const key = utf8('the webhook secret of the reference provider')
const ageMsMax = 5 * minute

/** A provider in memory, for tests. `deliver` signs an event as the provider would send it. */
export interface MemoryBilling extends Billing {
  readonly opened: readonly Checkout[]
  readonly cancelled: readonly string[]
  deliver(event: BillingEvent, atMs: number): { readonly body: string; readonly signature: string }
}

/**
 * A billing provider in memory, for tests. It records what its pages sell. The pages do not exist.
 *
 * @example
 * const billing = memoryBilling()
 * const { body, signature } = billing.deliver({ id: 'evt_1', type: 'credits_paid', org, cents: 500, … }, clock.now())
 */
export function memoryBilling(): MemoryBilling {
  const opened: Checkout[] = []
  const cancelled: string[] = []
  const urls = new Map<string, string>()
  return {
    opened,
    cancelled,
    checkout: async (wanted) => {
      const known = urls.get(wanted.idempotencyKey)
      if (known !== undefined) return known
      opened.push(wanted)
      const url = `https://billing.example.com/checkout/${opened.length}`
      urls.set(wanted.idempotencyKey, url)
      return url
    },
    portal: async ({ customer }) => `https://billing.example.com/portal/${encodeURIComponent(customer)}`,
    cancel: async (subscription) => void cancelled.push(subscription),
    deliver: (event, atMs) => {
      const body = JSON.stringify({ event, at: atMs })
      return { body, signature: signatureOf(body) }
    },
    readEvent: (body, signature, nowMs) => {
      if (!equalBytes(utf8(signatureOf(body)), utf8(signature)))
        throw new BillingEventRefused('The signature does not match the body.')
      const { event, at } = JSON.parse(body) as { readonly event: BillingEvent; readonly at: number }
      if (Math.abs(nowMs - at) > ageMsMax) throw new BillingEventRefused('The event is too old.')
      return event
    },
  }
}

function signatureOf(body: string): string {
  return hex(nobleCrypto.hmacSha256(key, utf8(body)))
}
