/** The limits of agents in words, as the form of the limits names them. */
const names: Readonly<Record<string, string>> = {
  tx_max_value: 'Most in one payment',
  tx_daily_limit: 'Most in 24 hours',
  tx_daily_limit_usd: 'Most US dollars in 24 hours',
  tx_approval_above: 'A person decides above',
  tx_max_per_day: 'Transactions in a day',
  tx_overhead_budget: 'Fees in a day',
  tx_to_allowlist: 'Recipients',
  tx_allowed_chains: 'Chains',
  tx_new_recipients: 'New recipients',
  tx_known_tokens_only: 'Known tokens only',
  tx_unchecked_calls: 'Calls that are not decoded',
  max_ata_creates_per_day: 'New token accounts in a day',
  message_signing_enabled: 'Signing of messages',
  intents_api_enabled: 'Signing',
  enforcement: 'What breaks a limit',
}

/** The name of a limit in words. Default: its name in the API. */
export function limitName(name: string): string {
  return names[name] ?? name
}
