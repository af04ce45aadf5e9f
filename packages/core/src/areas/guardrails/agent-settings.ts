import * as z from 'zod'
import { agentFields, fields, switchSetting, valueSetting } from '../../operations/index.ts'

const { allowsNothing, chainName, decimal, entriesMax, environment, flag, word, words } = agentFields

/** Limits for one chain, or one environment. A member that is not known here is refused: it may be a limit, misspelt. */
const guardrails = () =>
  z.strictObject(
    {
      max_value: decimal().nullish(),
      daily_limit: decimal().nullish(),
      max_value_eth: decimal().nullish(),
      daily_limit_eth: decimal().nullish(),
      to_allowlist: words().nullish(),
      token_allowlist: words().nullish(),
      max_per_day: fields.count().nullish(),
      overhead_budget: decimal().nullish(),
      max_ata_creates_per_day: fields.count().nullish(),
    },
    'must be an object with the fields max_value, daily_limit, to_allowlist, token_allowlist, max_per_day, overhead_budget and max_ata_creates_per_day',
  )

/** What an agent may sign, and how much it may move. */
export const guardrailsAgentSettings = {
  message_signing_enabled: switchSetting(flag().describe('Whether the agent may sign messages.'), { strictest: false }),
  raw_signing_enabled: switchSetting(
    flag().describe('Whether the agent may sign bare digests. A digest does not show what is signed.'),
    { strictest: false },
  ),
  tx_known_tokens_only: switchSetting(flag().describe('Whether the agent may move only known tokens.'), {
    strictest: true,
  }),
  intents_require_tee: switchSetting(
    flag().describe('Whether the agent signs only in a trusted execution environment.'),
    { strictest: true },
  ),
  tx_to_allowlist: valueSetting(words().describe('Addresses that the agent may send to. Default: any address.'), {
    strictest: allowsNothing,
  }),
  tx_allowed_chains: valueSetting(words().describe('Chains that the agent may use. Default: any chain.'), {
    strictest: allowsNothing,
  }),
  tx_token_allowlist: valueSetting(words().describe('Tokens that the agent may move. Default: any token.'), {
    strictest: allowsNothing,
  }),
  xrpl_allowed_tx_types: valueSetting(
    words().describe('XRP Ledger transaction types that the agent may sign, such as Payment.'),
    { strictest: allowsNothing },
  ),
  solana_ata_allowlist: valueSetting(
    words().describe('Solana wallets that the agent may create token accounts for. Default: any wallet.'),
    { strictest: allowsNothing },
  ),
  tx_max_value: valueSetting(decimal().describe('Maximum amount of one transaction, in the unit of its chain.'), {
    strictest: '0',
  }),
  tx_daily_limit: valueSetting(
    decimal().describe('Maximum amount of all transactions of one day, in the unit of the chain.'),
    { strictest: '0' },
  ),
  tx_max_per_day: valueSetting(fields.count().describe('Maximum number of transactions per day.'), { strictest: 0 }),
  tx_overhead_budget: valueSetting(
    z
      .record(chainName(), decimal(), 'must map chains to decimal numbers in strings')
      .describe('Maximum cost of fees and rent per day, by chain.'),
    { strictest: {} },
  ),
  per_chain_guardrails: valueSetting(
    z
      .record(chainName(), guardrails(), 'must map chains to guardrails')
      .describe('Limits by chain name. The strictest limit applies.'),
    { strictest: {} },
  ),
  per_environment_guardrails: valueSetting(
    z
      .record(environment(), guardrails(), 'must map environments to guardrails')
      .describe('Limits by environment name. The strictest limit applies.'),
    { strictest: {} },
  ),
  eip712_domain_allowlist: valueSetting(
    z
      .array(z.union([word(), fields.freeObject(2_048)], 'must be a domain'), 'must be a list')
      .max(entriesMax, `must have at most ${entriesMax} entries`)
      .describe('EIP-712 domains whose typed data the agent may sign.'),
    { shown: z.array(z.union([z.string(), fields.shownObject()])), strictest: allowsNothing },
  ),
  eip712_default_policy: valueSetting(
    z
      .enum(['deny', 'allow'], 'must be deny or allow')
      .describe('Policy for EIP-712 domains that are not on the allowlist. Default: deny.'),
    { default: 'deny', strictest: 'deny' },
  ),
}
