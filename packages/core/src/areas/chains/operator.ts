import { type Context, denied } from '../../operations/index.ts'
import { isOperator } from '../orgs/index.ts'

/** Throws if the caller is not the first owner. Chains and tokens are those of the installation, not of an organisation. */
export function requireOperator({ unit, caller }: Context): void {
  if (!isOperator(unit, caller)) throw denied({ reason: 'Only the operator, who is the first owner, can do this.' })
}
