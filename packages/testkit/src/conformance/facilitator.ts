import type { Facilitator, Payment, PaymentRequirement } from '@pawl/core/ports'
import { check, type Runner, testEach } from './asserts.ts'

/** A facilitator, and a source of payments. */
export interface OpenedFacilitator {
  readonly facilitator: Facilitator
  readonly requirement: PaymentRequirement
  /** Makes a payment that satisfies a requirement: a new one at each call. */
  pay(requirement: PaymentRequirement): Payment | Promise<Payment>
  /** How often money was moved to the recipient of the requirement. */
  settled(): number | Promise<number>
  close?(): Promise<void>
}

/**
 * The behaviour of every facilitator. Each case opens a new one.
 *
 * @example
 * testFacilitator('my facilitator', () => openOnTestChain(), { describe, it })
 */
export function testFacilitator(
  name: string,
  open: () => OpenedFacilitator | Promise<OpenedFacilitator>,
  runner: Runner,
): void {
  testEach(`${name}, a facilitator`, open, cases, runner)
}

const cases: Readonly<Record<string, (opened: OpenedFacilitator) => Promise<void>>> = {
  'finds a payment valid, and moves nothing': verifies,
  'settles a payment, and names the transaction': settles,
  'refuses, with a reason, a payment of less, to another recipient or on another network': refusesOthers,
  'refuses a payment that was changed after it was signed': refusesChanged,
  'moves the money of one payment once, also when it is asked again or at once': settlesOnce,
  'moves the money of two payments twice': settlesEach,
}

async function verifies({ facilitator, requirement, pay, settled }: OpenedFacilitator): Promise<void> {
  const verdict = await facilitator.verify(await pay(requirement), requirement)
  check(verdict.isValid, `said ${JSON.stringify(verdict)} to a payment that satisfies the requirement`)
  check((await settled()) === 0, 'moved money for a question')
}

async function settles({ facilitator, requirement, pay, settled }: OpenedFacilitator): Promise<void> {
  const settlement = await facilitator.settle(await pay(requirement), requirement)
  check(settlement.success, `said ${JSON.stringify(settlement)} to a payment that satisfies the requirement`)
  check(settlement.transaction !== '', 'named no transaction')
  check((await settled()) === 1, `moved money ${await settled()} times`)
}

async function refusesOthers({ facilitator, requirement, pay, settled }: OpenedFacilitator): Promise<void> {
  const others: Readonly<Record<string, PaymentRequirement>> = {
    'of less': { ...requirement, maxAmountRequired: `${BigInt(requirement.maxAmountRequired) - 1n}` },
    'to another recipient': { ...requirement, payTo: '0x000000000000000000000000000000000000dEaD' },
  }
  for (const [what, other] of Object.entries(others)) {
    await refuses(facilitator, await pay(other), requirement, what)
  }
  const elsewhere = { ...(await pay(requirement)), network: 'eip155:1' }
  await refuses(facilitator, elsewhere, requirement, 'on another network')
  check((await settled()) === 0, 'moved money for a payment that it refused')
}

async function refusesChanged({ facilitator, requirement, pay, settled }: OpenedFacilitator): Promise<void> {
  const payment = await pay({ ...requirement, maxAmountRequired: '1' })
  const { authorization, ...rest } = payment.payload as { authorization: Record<string, string> }
  const changed = { ...authorization, value: requirement.maxAmountRequired }
  await refuses(facilitator, { ...payment, payload: { ...rest, authorization: changed } }, requirement, 'changed')
  check((await settled()) === 0, 'moved money for a payment that was changed')
}

async function refuses(
  facilitator: Facilitator,
  payment: Payment,
  requirement: PaymentRequirement,
  what: string,
): Promise<void> {
  const verdict = await facilitator.verify(payment, requirement)
  check(!verdict.isValid && verdict.reason !== '', `said ${JSON.stringify(verdict)} to a payment ${what}`)
  const settlement = await facilitator.settle(payment, requirement)
  check(!settlement.success && settlement.reason !== '', `settled a payment ${what}`)
}

async function settlesOnce({ facilitator, requirement, pay, settled }: OpenedFacilitator): Promise<void> {
  const payment = await pay(requirement)
  const settle = () => facilitator.settle(payment, requirement)
  const settlements = [await settle(), ...(await Promise.all([settle(), settle()]))]
  check(
    settlements.some(({ success }) => success),
    'settled nothing',
  )
  check((await settled()) === 1, `moved money ${await settled()} times for one payment`)
}

async function settlesEach({ facilitator, requirement, pay, settled }: OpenedFacilitator): Promise<void> {
  for (const payment of [await pay(requirement), await pay(requirement)]) await facilitator.settle(payment, requirement)
  check((await settled()) === 2, `moved money ${await settled()} times for two payments`)
}
