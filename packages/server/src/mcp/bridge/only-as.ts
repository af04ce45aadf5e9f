import { PawlError, type PawlHttpClient } from '@pawl/core/client'
import { type Answer, failure, internalError } from './bridge.ts'

/** The agent that a configuration names, and the variable that names it. */
export interface NamedAgent {
  readonly id: string
  readonly variable: string
}

/**
 * Answers only while the credential belongs to the named agent. The bridge asks the vault for its owner once, before the
 * first message that needs the vault. Without that answer no message passes.
 */
export function onlyAs({ id, variable }: NamedAgent, client: Pick<PawlHttpClient, 'agents'>, answer: Answer): Answer {
  let confirmed: Promise<void> | null = null

  async function confirm(): Promise<void> {
    const me = await client.agents.me()
    // The ID may be in capital letters.
    if (me.id === id.toLowerCase()) return
    const problem = `${variable} names another agent than the credential. Correct it, or remove it.`
    throw new PawlError('denied', 'agent_mismatch', problem, undefined)
  }

  return async (message) => {
    const { id, method } = (message ?? {}) as { readonly id?: string | number; readonly method?: unknown }
    if (id === undefined || typeof method !== 'string' || method === 'initialize' || method === 'ping')
      return answer(message)
    try {
      confirmed ??= confirm()
      await confirmed
    } catch (error) {
      confirmed = null
      return failure(id, internalError, error instanceof PawlError ? error.message : 'The vault did not answer.')
    }
    return answer(message)
  }
}
