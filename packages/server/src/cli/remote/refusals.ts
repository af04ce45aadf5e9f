import { PawlError } from '@pawl/core/client'
import type { Connection } from './connection.ts'

/** Explains an error of the server with the names that the user typed, and adds what to do. */
export async function sayingWhatToDo<T>(
  { url, bearer }: Connection,
  called: (field: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    const { kind, code, message, data } = error
    const again = (better: string) => new PawlError(kind, code, better, data)
    const { fields } = (data ?? {}) as { readonly fields?: Readonly<Record<string, string>> }
    if (kind === 'invalid' && fields) {
      const problems = Object.entries(fields).map(([field, problem]) => `${called(field)} ${problem}`.trim())
      throw again(problems.join('\n'))
    }
    if (kind === 'unauthenticated' && bearer === null) {
      throw again(`You are not signed in at ${url}. Run pawl login, or set PAWL_API_KEY.`)
    }
    if (code === 'unreachable') throw again(`${message}\nStart the server, or set its URL with PAWL_URL or --api-url.`)
    if (code === 'unknown_route')
      throw again(`${url} does not know this operation. Check the URL, and the version of the server.`)
    throw error
  }
}

/** The flag of a field, for commands without a declaration of fields. */
export const asTheyAre = (field: string): string => `--${field}`
