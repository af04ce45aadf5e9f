import { nearest } from '../../derive/did-you-mean.ts'
import { UsageError } from '../terminal.ts'
import { tidy } from './connection.ts'
import { formats } from './flags.ts'

export const preferenceNames = ['api-url', 'output-format', 'default-vault'] as const

export type PreferenceName = (typeof preferenceNames)[number]

export function preferenceOf(given = ''): PreferenceName {
  const name = preferenceNames.find((one) => one === given)
  if (name) return name
  const problem = given === '' ? '<name> is missing' : `unknown setting ${given}`
  throw new UsageError(
    `${problem}. Did you mean ${nearest(given, preferenceNames)}? Server settings are PAWL_… variables`,
  )
}

export function fitting(name: PreferenceName, value: string): string {
  if (name === 'api-url') return tidy(value)
  if (name === 'output-format' && !formats.some((one) => one === value)) {
    throw new UsageError(`output-format must be one of ${formats.join(', ')}`)
  }
  return value
}
