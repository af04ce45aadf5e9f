import type { CallToolResult } from '@modelcontextprotocol/server'
import { type Log, PawlError } from '@pawl/core'
import { parseInput, revealed } from '@pawl/core/surfaces'
import { sentenceOf } from './sentences.ts'
import { noVaultOfThisName, type Session } from './session.ts'
import type { OfferedTool } from './tools.ts'

type Given = Readonly<Record<string, unknown>>

/** Calls a tool. An error is an answer too: a sentence that says what to do. */
export async function callTool(
  session: Session,
  offered: OfferedTool,
  given: Given,
  log?: Log,
): Promise<CallToolResult> {
  const wrong = undeclaredIn(given, offered) ?? unreadableIn(given)
  if (wrong !== null) return failure(wrong)
  try {
    return success(await answerOf(session, offered, given))
  } catch (error) {
    if (!(error instanceof PawlError)) log?.('error', 'tool failed', { tool: offered.shown.name, error })
    return failure(sentenceOf(error, offered.operation))
  }
}

async function answerOf(session: Session, offered: OfferedTool, all: Given): Promise<unknown> {
  const { tool, operation, needsVault } = offered
  const { vault, raw } = vaultIn(offered, all)
  const given: Given = tool.input ? (parseInput(tool.input, raw) as Given) : raw
  const input: Given = tool.call ? (tool.call(given as never) as Given) : given
  const placed = needsVault && input.vault_id === undefined ? { ...input, vault_id: await session.vault(vault) } : input
  const output = await session.perform(operation, placed)
  if (tool.answer) return tool.answer(output, given as never)
  return operation.reveals ? revealed(output, operation.reveals) : output
}

/** The vault that the model names, and the arguments of the tool itself. */
function vaultIn({ takesVault }: OfferedTool, all: Given): { vault: string | undefined; raw: Given } {
  if (!takesVault) return { vault: undefined, raw: all }
  const { vault: named, ...raw } = all
  if (named !== undefined && typeof named !== 'string') throw noVaultOfThisName()
  return { vault: named, raw }
}

function undeclaredIn(given: Given, { shown }: OfferedTool): string | null {
  const { additionalProperties, properties = {} } = shown.inputSchema
  if (additionalProperties !== false) return null
  const names = Object.keys(properties)
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(properties, name))
  if (unknown === undefined) return null
  const takes = `This tool takes ${names.join(', ') || 'no arguments'}.`
  return isWord(unknown) ? `${unknown}: is not an argument. ${takes}` : `The call has an unknown argument. ${takes}`
}

/** Arguments that are not names. */
const free: ReadonlySet<string> = new Set(['value', 'body', 'description'])

/** A human must be able to read a name. So it has no invisible characters, and none that change the text direction. */
function unreadableIn(given: Given): string | null {
  const found = Object.entries(given).find(
    ([name, one]) =>
      typeof one === 'string' && !free.has(name) && /[\p{Cf}\u2028\u2029\u115f\u1160\u3164\uffa0]/u.test(one),
  )
  return found
    ? `${found[0]}: must not have invisible characters or characters that change the direction of text.`
    : null
}

/** Only a word is repeated in an error, because a confused model could have put a secret value there. */
function isWord(name: string): boolean {
  return name.length <= 24 && /^[a-z]+(?:_[a-z]+)*$/.test(name)
}

/** JSON as text for every client, and as structured content for clients that can read it. */
function success(shown: unknown): CallToolResult {
  const text = JSON.stringify(shown ?? { done: true })
  const plain: unknown = JSON.parse(text)
  const isObject = typeof plain === 'object' && plain !== null && !Array.isArray(plain)
  const content: CallToolResult['content'] = [{ type: 'text', text }]
  return isObject ? { content, structuredContent: plain as Record<string, unknown> } : { content }
}

function failure(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true }
}
