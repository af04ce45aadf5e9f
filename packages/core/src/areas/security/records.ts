import { kind, type Reads } from '../../records/index.ts'

export interface IpRule {
  readonly id: string
  readonly type: 'allow' | 'deny'
  /** The canonical text of the range. */
  readonly cidr: string
  readonly label: string
  readonly appliesTo: 'all' | 'users' | 'agents'
  readonly createdBy: string
  readonly createdAt: number
}

/** All rules of an organisation in one record, so that two changes at the same moment conflict. */
export interface IpRules {
  readonly id: 'main'
  readonly rules: readonly IpRule[]
}

export const ipRulesKind = kind<IpRules>('ipRules', { history: ['rules'] })

const none: readonly IpRule[] = []

export function ipRulesOf(unit: Reads): readonly IpRule[] {
  return unit.get(ipRulesKind, 'main')?.rules ?? none
}
