import { hex, utf8 } from '../../kernel/bytes.ts'
import { Secret } from '../../kernel/secret.ts'
import { minute } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { newVoucher, readVoucher, spendVoucher } from '../credentials/index.ts'
import type { Device } from './records.ts'

const challengeUse = 'device.challenge'
const tokenUse = 'device.step-up'
export const stepUpLifeMs = 5 * minute

/** One action on one target, such as the approval of a transaction. */
export interface Action {
  readonly action: string
  readonly targetId: string
}

/** The text that a device signs. */
export function newDeviceChallenge(context: Context, device: Device, { action, targetId }: Action): string {
  return newVoucher(context, {
    ...{ use: challengeUse, user: device.user, org: context.unit.org, lifeMs: stepUpLifeMs },
    data: { device: device.id, action, targetId },
  })
}

/** Binds a challenge to what it was asked for, so that the device can show that nothing was exchanged. */
export function boundHash({ crypto }: Pick<Context, 'crypto'>, nonce: string, { action, targetId }: Action): string {
  return hex(crypto.sha256(utf8(JSON.stringify([action, targetId, nonce]))))
}

/** Spends the challenge of a device. Null: it is not valid for this device. */
export function takeDeviceChallenge(context: Context, device: Device, nonce: string): Action | null {
  const voucher = readVoucher(context, nonce, challengeUse)
  if (!voucher || voucher.user !== device.user || voucher.data.device !== device.id) return null
  spendVoucher(context, voucher)
  return { action: String(voucher.data.action), targetId: String(voucher.data.targetId) }
}

export function newStepUpToken(context: Context, device: Device, { action, targetId }: Action): Secret<string> {
  return Secret.of(
    newVoucher(context, {
      ...{ use: tokenUse, user: device.user, org: context.unit.org, lifeMs: stepUpLifeMs },
      data: { device: device.id, action, targetId },
    }),
  )
}

/** Spends a step-up token. Returns false if it is not for this user, action and target. */
export function takeStepUpToken(context: Context, userId: string, token: Secret<string>, wanted: Action): boolean {
  const voucher = readVoucher(context, token.reveal(), tokenUse)
  if (voucher?.user !== userId || voucher.org !== context.unit.org) return false
  if (voucher.data.action !== wanted.action || voucher.data.targetId !== wanted.targetId) return false
  spendVoucher(context, voucher)
  return true
}
