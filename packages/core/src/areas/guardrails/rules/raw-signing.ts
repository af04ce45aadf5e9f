import { allowed, type Rule, refused } from '../rule.ts'

export const rawSigning: Rule = {
  name: 'raw_signing_enabled',
  isSwitch: true,
  judge: ({ signs, settings }) => {
    if (signs.type !== 'digest') return null
    return settings.raw_signing_enabled
      ? allowed('The agent may sign bare digests.')
      : refused('not_enabled', 'The agent may not sign bare digests. A human can set raw_signing_enabled.')
  },
}
