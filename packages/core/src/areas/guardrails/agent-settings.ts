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

/** Stands for every chain, or every environment. Only a stored value that makes no sense has it. */
export const everywhere = '*'

const nothingAnywhere = { [everywhere]: { max_value: '0', max_per_day: 0, to_allowlist: [...allowsNothing] } }

/** What an agent may sign, and how much it may move. */
export const guardrailsAgentSettings = {
  message_signing_enabled: switchSetting(flag().describe('Whether the agent may sign messages.'), { strictest: false }),
  raw_signing_enabled: switchSetting(
    flag().describe(
      'Whether the agent may sign bare digests and, if it has limits, messages of 32 bytes. No limit on amounts holds for them. Default: false.',
    ),
    { strictest: false },
  ),
  tx_known_tokens_only: switchSetting(flag().describe('Whether the agent may move only known tokens.'), {
    strictest: true,
  }),
  intents_require_tee: switchSetting(
    flag().describe('Whether the agent signs only in a trusted execution environment.'),
    { strictest: true },
  ),
  tx_require_simulation: switchSetting(
    flag().describe(
      'Whether each transaction on an EVM chain is simulated before it is signed. A transaction that fails, or that no node simulates, is refused. Default: false.',
    ),
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
    { strictest: { [everywhere]: '0' } },
  ),
  per_chain_guardrails: valueSetting(
    z
      .record(chainName(), guardrails(), 'must map chains to guardrails')
      .describe('Limits by chain name. The strictest limit applies.'),
    { strictest: nothingAnywhere },
  ),
  per_environment_guardrails: valueSetting(
    z
      .record(environment(), guardrails(), 'must map environments to guardrails')
      .describe('Limits by environment name. The strictest limit applies.'),
    { strictest: nothingAnywhere },
  ),
  eip712_domain_allowlist: valueSetting(
    z
      .array(z.union([word(), fields.freeObject(2_048)], 'must be a domain'), 'must be a list')
      .max(entriesMax, `must have at most ${entriesMax} entries`)
      .describe(
        'EIP-712 domains whose typed data the agent may sign. Limits on amounts do not count typed data, such as a Permit.',
      ),
    { shown: z.array(z.union([z.string(), fields.shownObject()])), strictest: allowsNothing },
  ),
  eip712_default_policy: valueSetting(
    z
      .enum(['deny', 'allow'], 'must be deny or allow')
      .describe('Policy for EIP-712 domains that are not on the allowlist. Default: deny.'),
    { default: 'deny', strictest: 'deny' },
  ),
  tx_recipient_daily_limit: valueSetting(
    decimal().describe('Maximum amount that one recipient gets in 24 hours, in the unit of the chain.'),
    { strictest: '0' },
  ),
  tx_new_recipients: valueSetting(
    z
      .enum(['deny', 'approve', 'allow'], 'must be deny, approve or allow')
      .describe(
        'What holds for an address that the agent has not paid before. approve: a human decides. Default: allow.',
      ),
    { default: 'allow', strictest: 'deny' },
  ),
  tx_max_value_usd: valueSetting(
    decimal().describe('Maximum value of one transaction, in US dollars. What has no configured price is refused.'),
    { strictest: '0' },
  ),
  tx_daily_limit_usd: valueSetting(
    decimal().describe(
      'Maximum value of all transactions in 24 hours, in US dollars. What has no configured price is refused.',
    ),
    { strictest: '0' },
  ),
  tx_approval_above: valueSetting(
    decimal().describe('A human approves each transaction of more than this amount, in the unit of its chain.'),
    { strictest: '0' },
  ),
  tx_unlimited_approvals_enabled: switchSetting(
    flag().describe(
      'Whether an agent with limits may give others an unlimited right to its tokens. Such a right passes every limit.',
    ),
    { strictest: false },
  ),
  tx_user_operations_enabled: switchSetting(
    flag().describe('Whether an agent with limits may sign ERC-4337 operations, which another account carries out.'),
    { strictest: false },
  ),
  tx_delegate_allowlist: valueSetting(
    words().describe('Contracts that may act for an agent with limits (EIP-7702). Default: none.'),
    { strictest: allowsNothing },
  ),
  tx_unchecked_calls: valueSetting(
    words().describe(
      'Calls that an agent with limits may make although the server cannot read them: contract:selector, such as 0xabc…:0x12345678. Default: none.',
    ),
    { strictest: allowsNothing },
  ),
  enforcement: valueSetting(
    z
      .enum(['log', 'enforce'], 'must be log or enforce')
      .describe('log: what breaks a limit is recorded and signed all the same. Default: enforce.'),
    { default: 'enforce', strictest: 'enforce' },
  ),
}
