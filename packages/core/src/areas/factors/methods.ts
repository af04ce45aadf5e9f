import * as z from 'zod'
import { invalidField } from '../../kernel/errors.ts'
import { type Context, type Factors, fields, hasSecondFactor } from '../../operations/index.ts'

const methods = ['password', 'totp', 'passkey'] as const

/** A way to prove who one is. */
export const Method = z.enum(methods, `must be one of ${methods.join(', ')}`)
export type Method = z.infer<typeof Method>

const purposeCharactersMax = 64

export function purposeField() {
  return fields.text(purposeCharactersMax, 1).describe('What the token will confirm, such as account.delete.')
}

/** A token for a purpose that no operation has would be good for nothing. */
export function checkPurpose({ areas }: Pick<Context, 'areas'>, purpose: string): void {
  if (!areas.purposes.includes(purpose)) throw invalidField('purpose', `must be one of ${areas.purposes.join(', ')}`)
}

/** The methods that count for this user, the best one first. With a second factor, the password does not count. */
export function methodsOf(factors: Factors): readonly Method[] {
  const strong = [...(factors.passkeys > 0 ? ['passkey' as const] : []), ...(factors.totp ? ['totp' as const] : [])]
  return hasSecondFactor(factors) || !factors.password ? strong : ['password']
}

/** Refuses a method that the user does not have, or that proves too little. */
export function checkMethod(factors: Factors, method: Method | undefined): Method {
  const counting = methodsOf(factors)
  const chosen = method ?? counting[0]
  if (chosen && counting.includes(chosen)) return chosen
  throw invalidField(
    'method',
    counting.length === 0 ? 'has none to choose from: set a password first' : `must be ${counting.join(' or ')}`,
  )
}
