import { type Context, isWithinProcess, signedIn } from '../../operations/index.ts'
import { ipRuleLockout, tooManyIpRules } from './errors.ts'
import { mayCall } from './ip-rules.ts'
import { type IpRule, ipRulesKind, ipRulesOf } from './records.ts'

const ipRulesMax = 200

/** Stages other rules. Throws if they exclude the caller who makes the change, unless the caller wants this. */
export function changeRules(
  context: Context,
  change: (rules: readonly IpRule[]) => readonly IpRule[],
  force = false,
): void {
  const { unit, origin } = context
  const rules = change(ipRulesOf(unit))
  if (rules.length > ipRulesMax) throw tooManyIpRules({ max: ipRulesMax })
  const ip = origin.ip ?? null
  if (!force && !isWithinProcess(origin) && !mayCall(rules, signedIn(context).kind, ip)) throw ipRuleLockout()
  unit.put(ipRulesKind, { id: 'main', rules })
}
