import { allowed, type Rule, refused } from '../rule.ts'

export const messageSigning: Rule = {
  name: 'message_signing_enabled',
  isSwitch: true,
  judge: ({ signs, settings, looksInside }) => {
    if (signs.type !== 'personal_sign') return null
    if (signs.isHash && looksInside && settings.message_signing_enabled && !settings.raw_signing_enabled) {
      return refused(
        'not_enabled',
        'The agent has limits, and a message of 32 bytes can approve a transaction of a Safe. A human can set raw_signing_enabled.',
      )
    }
    return settings.message_signing_enabled
      ? allowed('The agent may sign messages.')
      : refused('not_enabled', 'The agent may not sign messages. A human can set message_signing_enabled.')
  },
}
