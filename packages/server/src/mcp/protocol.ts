import {
  createMcpHandler,
  isLegacyRequest,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { type Log, registry } from '@pawl/core'
import { callTool } from './call.ts'
import { capabilities, instructions, serverInfo } from './identity.ts'
import { sentenceOf } from './sentences.ts'
import type { Session } from './session.ts'
import type { OfferedTool } from './tools.ts'

// The SDK implements the protocol. Each message gets its own server and transport, so that an answer cannot reach another
// client (E12).

const secretsUri = 'vault://secrets'

export interface Serving {
  readonly session: Session
  readonly tools: ReadonlyMap<string, OfferedTool>
  readonly log?: Log | undefined
}

/** Answers one message, of the old or the new protocol. */
export async function answerMessage(message: unknown, headers: Headers, serving: Serving): Promise<Response> {
  // The message is already parsed, but the SDK still needs a request with headers.
  const request = new Request('http://mcp.invalid/', { method: 'POST', headers, body: '{}' })
  if (!(await isLegacyRequest(request, message))) {
    const onerror = (error: Error) => serving.log?.('warn', 'mcp request failed', { error })
    const handler = createMcpHandler(() => serverFor(serving), { legacy: 'reject', maxSubscriptions: 0, onerror })
    return handler.fetch(request, { parsedBody: message })
  }
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  const server = serverFor(serving)
  await server.connect(transport)
  try {
    return await transport.handleRequest(request, { parsedBody: message })
  } finally {
    await server.close()
  }
}

function serverFor({ session, tools, log }: Serving): Server {
  const server = new Server(serverInfo, { capabilities, instructions })
  const offered = [...tools.values()].filter((one) => session.values || !opensValues(one))
  server.setRequestHandler('tools/list', async () => ({ tools: offered.map(({ shown }) => shown) }))
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = offered.find(({ shown }) => shown.name === params.name)
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, noSuchTool(tools.has(params.name)))
    return callTool(session, tool, params.arguments ?? {}, log)
  })
  server.setRequestHandler('resources/list', async () => ({
    resources: [
      {
        uri: secretsUri,
        name: 'secrets',
        title: 'Secrets',
        description: 'Paths, types and versions of the secrets in the vault, without values.',
        mimeType: 'application/json',
      },
    ],
  }))
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    if (uri !== secretsUri) throw new ResourceNotFoundError(uri)
    return { contents: [{ uri, mimeType: 'application/json', text: await listing(session) }] }
  })
  return server
}

/** Whether the model, or a recipient that it chooses, could read a value with this tool. */
function opensValues({ operation, tool }: OfferedTool): boolean {
  return tool.opensValues ?? operation.reveals !== undefined
}

function noSuchTool(isThere: boolean): string {
  return isThere
    ? 'This session does not show secret values, so it has no tool that shows them or opens them to others.'
    : 'The tool does not exist. tools/list shows the tools.'
}

async function listing(session: Session): Promise<string> {
  try {
    const vault_id = await session.vault()
    return JSON.stringify(await session.perform(registry.secrets.list, { vault_id }))
  } catch (error) {
    throw new ProtocolError(ProtocolErrorCode.InternalError, sentenceOf(error))
  }
}
