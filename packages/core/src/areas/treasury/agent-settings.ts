import { agentFields, switchSetting, valueSetting } from '../../operations/index.ts'

const { allowsNothing, decimal, flag, words } = agentFields

/** Settings for payments by an agent. */
export const treasuryAgentSettings = {
  cards_enabled: switchSetting(flag().describe('Whether the agent may order cards.'), { strictest: false }),
  card_reveal_enabled: switchSetting(flag().describe('Whether the agent may see the number of a card.'), {
    strictest: false,
  }),
  card_require_approval: switchSetting(
    flag().describe('Whether a human must approve each card order. Default: true.'),
    { isOn: true, strictest: true },
  ),
  card_max_order_usd: valueSetting(decimal().describe('Maximum value of one card, in US dollars.'), { strictest: '0' }),
  card_daily_limit_usd: valueSetting(
    decimal().describe('Maximum value of all cards ordered in one day, in US dollars.'),
    { strictest: '0' },
  ),
  card_payto_allowlist: valueSetting(
    words().describe('Addresses that card orders may be paid to. Default: any address.'),
    { strictest: allowsNothing },
  ),
}
