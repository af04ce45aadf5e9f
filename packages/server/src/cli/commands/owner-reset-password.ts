import { readConfig, resetOwnerPassword } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { columns } from '../terminal.ts'

/** `pawl owner reset-password` */
export const ownerResetPassword = command({
  help: () => [
    'Prints a new password once. Run it on the machine of the vault, as the user that owns the data folder.',
    'All tokens of the owner are revoked. Their authenticator app and passkeys are removed. The API keys of the owner stay',
    'valid. The audit trail shows the reset.',
  ],
  run: async (_, terminal) => {
    const { email, password } = await resetOwnerPassword(readConfig(terminal.env))
    for (const line of columns(
      [
        ['Owner', email],
        ['Password', password],
      ],
      '',
    ))
      terminal.out(line)
    return exits.ok
  },
})
