import { type Limit, quotas, rates } from '../../operations/index.ts'

/** For operations that send mail to an address that every caller can name: so many per client, and so many to the address. */
export const mailLimits: readonly Limit<{ readonly email: string }>[] = [
  { per: 'address', rate: rates.signIn },
  { per: 'value', of: ({ email }) => email, quota: quotas.mail },
]
