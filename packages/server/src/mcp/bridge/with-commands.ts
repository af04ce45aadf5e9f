import { type LocalTools, type ReadSecret, runTool } from '../commands.ts'
import type { Answer } from './bridge.ts'

interface Request {
  readonly id?: string | number
  readonly method?: unknown
  readonly params?: { readonly name?: unknown; readonly arguments?: unknown }
}

/** A list of tools in the answer of the vault. */
interface Listed {
  readonly result?: { readonly tools?: readonly unknown[]; readonly nextCursor?: unknown }
}

/** Adds programs of this machine to the tools of the vault. The vault never gets their names or their output. */
export function withCommands(answer: Answer, local: LocalTools, read: ReadSecret): Answer {
  return async (message) => {
    const { id, method, params } = (message ?? {}) as Request
    if (id !== undefined && method === 'tools/call' && params?.name === runTool) {
      return { jsonrpc: '2.0', id, result: await local.call(params.arguments, read) }
    }
    const said = await answer(message)
    return method === 'tools/list' ? added(said as Listed | null, local) : said
  }
}

/** Adds the local tools to the last page. */
function added(said: Listed | null, { tools }: LocalTools): object | null {
  const { result } = said ?? {}
  if (!result?.tools || result.nextCursor !== undefined) return said
  return { ...said, result: { ...result, tools: [...result.tools, ...tools] } }
}
