import { internalError } from '../../kernel/errors.ts'
import { type Address, type Cidr, cidrContains, embeddedIpv4, parseCidr } from '../../kernel/ip.ts'
import { type Caller, denied, type Holder, isWithinProcess, type Origin } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { type IpRule, ipRulesOf } from './records.ts'

/** Throws if the IP rules of the organisation refuse the address of this caller. The pipeline calls this for every request. */
export function checkAddress(unit: Reads, caller: Caller, origin: Origin): void {
  if (caller.kind === 'anonymous' || isWithinProcess(origin)) return
  const rules = ipRulesOf(unit)
  if (rules.length > 0 && !mayCall(rules, caller.kind, origin.ip ?? null)) {
    throw denied({ reason: 'The IP rules of the organisation refuse the address of this request.' })
  }
}

/** Returns whether callers of this kind may call from this address. An unknown address passes only if no rule applies. */
export function mayCall(rules: readonly IpRule[], kind: Holder['kind'], ip: Address | null): boolean {
  const applying = compiled(rules).filter(({ appliesTo }) => appliesTo === 'all' || appliesTo === `${kind}s`)
  if (applying.length === 0) return true
  if (ip === null) return false
  // A gateway (NAT64, 6to4) hides an IPv4 host behind an IPv6 address. It counts for deny rules only, because the packet
  // did not come from that host.
  const behind = embeddedIpv4(ip)
  const matches = ({ range }: CompiledRule) => cidrContains(range, ip)
  const denies = (rule: CompiledRule) => matches(rule) || (behind !== null && cidrContains(rule.range, behind))
  if (applying.some((rule) => rule.type === 'deny' && denies(rule))) return false
  const allowing = applying.filter(({ type }) => type === 'allow')
  return allowing.length === 0 || allowing.some(matches)
}

interface CompiledRule extends Pick<IpRule, 'type' | 'appliesTo'> {
  readonly range: Cidr
}

/** The ranges of rules, parsed once while the engine has the record in memory. */
const compiledRules = new WeakMap<readonly IpRule[], readonly CompiledRule[]>()

function compiled(rules: readonly IpRule[]): readonly CompiledRule[] {
  const known = compiledRules.get(rules)
  if (known) return known
  const made = rules.map(({ type, appliesTo, cidr }) => {
    const range = parseCidr(cidr)
    if (!range) throw internalError()
    return { type, appliesTo, range }
  })
  compiledRules.set(rules, made)
  return made
}
