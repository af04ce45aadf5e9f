import { FacilitatorUnavailable, type Payment, type PaymentRequirement } from '@pawl/core/ports'
import { type MemoryFacilitator, memoryFacilitator } from '@pawl/core/ports/reference'
import { listen, sendJson } from './loopback.ts'

/**
 * What a facilitator can do wrong. `down`: it answers 503. `silent`: it never answers. `garbled`: it answers something that
 * is no JSON. `yes`: it says yes with a status that says no. `vague`: it says yes without a word about the transaction.
 * `loses`: it settles, and then the answer is lost.
 */
export type FacilitatorFault = 'down' | 'silent' | 'garbled' | 'yes' | 'vague' | 'loses'

export interface FakeFacilitator extends AsyncDisposable {
  readonly url: string
  /** The facilitator in memory: it makes payments, and lists the settled ones. */
  readonly facilitator: MemoryFacilitator
  /** The calls, in order: `verify` and `settle`. */
  readonly calls: readonly { readonly what: string; readonly resource: string }[]
  /** Until `well()`, every call of this kind fails. */
  fail(what: 'verify' | 'settle', fault: FacilitatorFault): void
  well(): void
  close(): Promise<void>
}

/**
 * A facilitator of the x402 protocol on loopback. The money that it moves does not exist.
 *
 * @example
 * await using fake = await startFakeFacilitator()
 * await owner.x402.set({ facilitator_url: fake.url, pay_to })
 */
export async function startFakeFacilitator(
  facilitator: Pick<MemoryFacilitator, 'verify' | 'settle'> & Partial<MemoryFacilitator> = memoryFacilitator(),
): Promise<FakeFacilitator> {
  const calls: { what: string; resource: string }[] = []
  const faults = new Map<string, FacilitatorFault>()

  const { url, close } = await listen(async (request, body, response) => {
    const what = (request.url ?? '').slice(1)
    if (request.method !== 'POST' || (what !== 'verify' && what !== 'settle')) return sendJson(response, 404, {})
    const asked = JSON.parse(body) as { paymentPayload: Payment; paymentRequirements: PaymentRequirement }
    const { paymentPayload: payment, paymentRequirements: requirement } = asked
    calls.push({ what, resource: requirement.resource })
    const fault = faults.get(what)
    if (fault === 'silent') return
    if (fault === 'down') return sendJson(response, 503, { error: 'down' })
    if (fault === 'garbled') return void response.writeHead(200).end('<html>')
    if (fault === 'yes') return sendJson(response, 400, { isValid: true, success: true, transaction: '0x1' })
    if (fault === 'vague') return sendJson(response, 200, { isValid: 'yes', success: true })
    const answer = what === 'verify' ? verdict : settlement
    const said = await answer(facilitator, payment, requirement)
    if (fault === 'loses') return void response.destroy()
    sendJson(response, 200, said)
  })
  return {
    url,
    facilitator: facilitator as MemoryFacilitator,
    calls,
    fail: (what, fault) => void faults.set(what, fault),
    well: () => faults.clear(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Behind = Pick<MemoryFacilitator, 'verify' | 'settle'>

async function verdict(behind: Behind, payment: Payment, requirement: PaymentRequirement) {
  const said = await behind.verify(payment, requirement)
  return said.isValid ? said : { isValid: false, invalidReason: said.reason }
}

async function settlement(behind: Behind, payment: Payment, requirement: PaymentRequirement) {
  const { network } = requirement
  const said = await behind.settle(payment, requirement)
  if (said.success) return { ...said, network }
  return { success: false, errorReason: said.reason, transaction: '', network }
}

/** Puts faults in front of a facilitator, without a network. */
export function faultyFacilitator(behind: Behind): Behind & Pick<FakeFacilitator, 'fail' | 'well'> {
  const faults = new Map<string, FacilitatorFault>()
  const passed = async <T>(what: 'verify' | 'settle', work: () => Promise<T>): Promise<T> => {
    const fault = faults.get(what)
    if (fault === 'loses') await work()
    if (fault !== undefined) throw new FacilitatorUnavailable(`The facilitator is ${fault}.`)
    return work()
  }
  return {
    verify: (payment, requirement) => passed('verify', () => behind.verify(payment, requirement)),
    settle: (payment, requirement) => passed('settle', () => behind.settle(payment, requirement)),
    fail: (what, fault) => void faults.set(what, fault),
    well: () => faults.clear(),
  }
}
