import { readConfig, withHsm } from '../../host/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { columns } from '../terminal.ts'

const ways = { gcm: 'AES-256-GCM in the token', hmac: 'one-time keys by HMAC-SHA-256 in the token' }

/** `pawl hsm status` */
export const hsmStatus = command({
  help: () => ['Exits with 1 if the keys cannot be used.'],
  run: async (_, terminal) => {
    return withHsm(readConfig(terminal.env), async (hsm) => {
      const status = await hsm.status()
      const show = (rows: readonly (readonly [string, string])[]) => {
        for (const line of columns(rows, '')) terminal.out(line)
      }
      show([
        ['provider', hsm.provider],
        ['status  ', status],
      ])
      if (!hsm.describe) return status === 'ok' ? exits.ok : exits.failed
      // If this fails, the command prints the reason.
      const { label, serial, manufacturer, model, firmware, wrapping, signing, keys } = await hsm.describe()
      show([
        ['token   ', label],
        ['serial', serial],
        ['model', `${manufacturer}, ${model}`],
        ['firmware', firmware],
        ['wrapping', ways[wrapping]],
        ['signing', signing.join(', ') || 'none'],
        ['keys', String(keys)],
      ])
      return status === 'ok' ? exits.ok : exits.failed
    })
  },
})
