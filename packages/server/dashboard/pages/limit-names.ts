/** The limits of agents in words, as the form of the limits names them. */
const names: Readonly<Record<string, string>> = {
  tx_max_value: 'Maximum per payment',
  tx_daily_limit: 'Maximum in 24 hours',
  tx_daily_limit_usd: 'Maximum US dollars in 24 hours',
  tx_approval_above: 'Approval needed above',
  tx_max_per_day: 'Transactions per day',
  tx_overhead_budget: 'Fees per day',
  tx_to_allowlist: 'Recipients',
  tx_allowed_chains: 'Chains',
  tx_new_recipients: 'New recipients',
  tx_known_tokens_only: 'Known tokens only',
  tx_unchecked_calls: 'Undecoded calls',
  max_ata_creates_per_day: 'New token accounts per day',
  message_signing_enabled: 'Message signing',
  intents_api_enabled: 'Signing',
  enforcement: 'Enforcement',
}

/** The name of a limit in words. Default: its name in the API. */
export function limitName(name: string): string {
  return names[name] ?? name
}
