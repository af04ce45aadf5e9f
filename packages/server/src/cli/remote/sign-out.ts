import type { Environment } from '../../host/index.ts'
import { clientAt } from './connection.ts'
import { forget, type Login, readKept } from './stored.ts'

/** Forgets who is signed in, and then ends the key that was made for that; answers who it was. */
export async function signOut(env: Environment): Promise<Login | null> {
  const login = readKept(env, 'login')
  if (!login) return null
  const { url, key, keyId } = login
  forget(env, 'login')
  if (keyId !== undefined) await clientAt({ url, bearer: key }).auth.revokeApiKey({ key_id: keyId })
  return login
}
