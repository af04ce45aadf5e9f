import { PawlError } from '@pawl/core/client'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { signOut } from '../remote/sign-out.ts'

/** `pawl logout` */
export const logout = command({
  help: () => ['Revokes the key that pawl login created. Only forgets a key that you supplied.'],
  run: async (_, terminal) => {
    const left = await signOut(terminal.env).catch(saying)
    terminal.out(left ? `Signed out at ${left.url}.` : 'You were not signed in.')
    return exits.ok
  },
})

/** The file is already removed. A key that is no longer valid needs no revocation. */
function saying(error: unknown): null {
  if (!(error instanceof PawlError)) throw error
  if (error.kind === 'unauthenticated') return null
  const { kind, code, message, data } = error
  throw new PawlError(kind, code, `Signed out, but the key was not revoked: ${message}`, data)
}
