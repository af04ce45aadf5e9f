import type { Environment } from '../../host/index.ts'
import { clientAt } from './connection.ts'
import { forget, type Login, readKept } from './stored.ts'

/** Removes the stored login, and then revokes the key that the sign-in made. Answers the login. */
export async function signOut(env: Environment): Promise<Login | null> {
  const login = readKept(env, 'login')
  if (!login) return null
  const { url, key, keyId } = login
  forget(env, 'login')
  if (keyId !== undefined) await clientAt({ url, bearer: key }).auth.revokeApiKey({ key_id: keyId })
  return login
}
