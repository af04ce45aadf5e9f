import { type Rule, refused } from '../rule.ts'

/** This server runs in no trusted execution environment, and never says that it does. */
export const trustedEnvironment: Rule = {
  name: 'intents_require_tee',
  isSwitch: true,
  judge: ({ settings }) =>
    settings.intents_require_tee
      ? refused('not_supported', 'The agent signs only in a trusted execution environment. This server runs in none.')
      : null,
}
