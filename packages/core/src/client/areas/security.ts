// Written by tools/gen-client-types.ts.

import type { CallOptions } from '../types.ts'

/** From which addresses the callers of an organisation reach it. */
export interface SecurityClient {
  /** List the IP rules of your organisation. */
  readonly listIpRules: {
    (input?: ListIpRulesInput, options?: CallOptions): Promise<ListIpRulesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListIpRulesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<IpRule, void, undefined>
  }

  /**
   * Allow or deny a range of addresses for the callers of your organisation.
   *
   * @throws `ip_rule_lockout`: This change excludes the address of this request. Send force: true if you want this.
   * @throws `too_many_ip_rules`
   *
   * @example
   * await client.security.createIpRule({
   *   rule_type: 'deny',
   *   cidr: '203.0.113.0/24',
   *   applies_to: 'agents',
   *   label: 'scanners',
   * })
   */
  createIpRule(input: CreateIpRuleInput, options?: CallOptions): Promise<IpRule>

  /**
   * Delete an IP rule.
   *
   * @throws `ip_rule_not_found`: The organisation has no IP rule with this ID.
   * @throws `ip_rule_lockout`: This change excludes the address of this request. Send force: true if you want this.
   *
   * @example
   * await client.security.deleteIpRule({ rule_id })
   */
  deleteIpRule(input: DeleteIpRuleInput, options?: CallOptions): Promise<void>
}

/** Input of `security.listIpRules`. */
export interface ListIpRulesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `security.listIpRules`. */
export interface ListIpRulesOutput {
  readonly rules: IpRule[]
  readonly next_cursor?: string | undefined
}

export interface IpRule {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  readonly rule_type: 'allow' | 'deny'
  readonly cidr: string
  readonly label: string
  readonly applies_to: 'all' | 'users' | 'agents'
  /** UUID. */
  readonly created_by: string
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `security.createIpRule`. */
export interface CreateIpRuleInput {
  /** Deny rules win over allow rules. */
  readonly rule_type: 'allow' | 'deny'
  /** An address or a range. */
  readonly cidr: string
  /** Note for the people of your organisation. At most 255 characters. */
  readonly label?: string | null | undefined
  /** The callers that the rule concerns. Default: all. */
  readonly applies_to?: 'all' | 'users' | 'agents' | null | undefined
  /** Make the change even if it excludes the address of this request. Default: false. */
  readonly force?: boolean | null | undefined
}

/** Input of `security.deleteIpRule`. */
export interface DeleteIpRuleInput {
  /** UUID. */
  readonly rule_id: string
  /** Make the change even if it excludes the address of this request. Default: false. */
  readonly force?: boolean | null | undefined
}
