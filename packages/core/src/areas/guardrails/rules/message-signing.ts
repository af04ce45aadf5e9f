import { allowed, type Rule, refused } from '../rule.ts'

export const messageSigning: Rule = {
  name: 'message_signing_enabled',
  isSwitch: true,
  judge: ({ signs, settings }) => {
    if (signs.type !== 'personal_sign') return null
    return settings.message_signing_enabled
      ? allowed('The agent may sign messages.')
      : refused('not_enabled', 'The agent may not sign messages. A human can set message_signing_enabled.')
  },
}
