import { createClient, PawlError, type PawlHttpClient } from '@pawl/core/client'
import { defaultVault, listed } from '../../derive/default-vault.ts'
import { ConfigError } from '../../host/config-error.ts'
import type { Environment } from '../../host/index.ts'
import {
  type Answer,
  bridge,
  type NamedAgent,
  onlyAs,
  serveLines,
  serveLocally,
  withCommands,
} from '../../mcp/bridge/index.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { defaultUrl, refusePlainHttp } from '../remote/connection.ts'
import { explained } from '../terminal.ts'

/** Variables that an MCP client sets: our name first, then the name of the published package. */
const variables = {
  apiKey: ['PAWL_AGENT_API_KEY', 'ONECLAW_AGENT_API_KEY'],
  token: ['PAWL_AGENT_TOKEN', 'ONECLAW_AGENT_TOKEN'],
  agent: ['PAWL_AGENT_ID', 'ONECLAW_AGENT_ID'],
  url: ['PAWL_URL', 'ONECLAW_BASE_URL'],
  vault: ['PAWL_VAULT_ID', 'ONECLAW_VAULT_ID'],
} as const

const defaultPort = '8080'

/** `pawl mcp` */
export const mcp = command({
  help: (width) => [
    'An MCP client starts this command. The environment says which agent and vault:',
    ...explained(
      [
        [variables.apiKey[0], 'API key of the agent. The only required variable.'],
        [variables.token[0], 'A token of the agent, instead of a key.'],
        [variables.agent[0], 'ID of the agent. Pawl refuses a credential of another agent.'],
        [variables.url[0], `URL of the vault. Default: ${defaultUrl}.`],
        [variables.vault[0], 'ID of the vault, if the agent can access several.'],
        ['PAWL_MCP_VALUES', 'off hides all secret values from the model.'],
        [
          'PAWL_MCP_COMMANDS',
          'File of programs that the model may run with secrets in their environment, without seeing them: docs/using-secrets-unseen.md.',
        ],
        [
          'MCP_TRANSPORT',
          'httpStream serves HTTP on PORT of this machine (default 8080). Each request then needs its own key.',
        ],
      ],
      width,
    ),
    `${variables.apiKey[1]}, ${variables.token[1]}, ${variables.agent[1]},`,
    `${variables.url[1]} and ${variables.vault[1]} also work. docs/mcp.md shows how to configure common clients.`,
  ],
  run: async (_, terminal) => {
    const { env } = terminal
    const url = webUrl(read(env, variables.url) ?? defaultUrl)
    refusePlainHttp(env, url)
    const agent = agentOf(env)
    if (env.MCP_TRANSPORT === 'httpStream') {
      if (agent) throw new ConfigError(`${agent.variable} cannot be set with httpStream: each request has its own key.`)
      await serveLocally(url, portOf(env), terminal.stopped())
    } else {
      const client = clientOf(env, url)
      const answer = await withLocal(env, client, bridge({ request: client.request, headers: headersOf(env) }))
      await serveLines(process.stdin, process.stdout, agent ? onlyAs(agent, client, answer) : answer)
    }
    return exits.ok
  },
})

function clientOf(env: Environment, url: string) {
  const apiKey = read(env, variables.apiKey)
  const token = read(env, variables.token)
  if (apiKey !== undefined) return createClient({ url, apiKey })
  if (token !== undefined) return createClient({ url, token })
  throw new ConfigError(`Set ${variables.apiKey[0]} to the API key of an agent. The key begins with ocv_.`)
}

/** Null if the environment names no agent. */
function agentOf(env: Environment): NamedAgent | null {
  const variable = variables.agent.find((name) => env[name])
  return variable === undefined ? null : { variable, id: env[variable] ?? '' }
}

/** Loads the local commands only if there are any, because most clients wait for the first answer. */
async function withLocal(env: Environment, client: PawlHttpClient, answer: Answer): Promise<Answer> {
  const file = env.PAWL_MCP_COMMANDS
  if (!file) return answer
  const { CommandFileError, localCommands } = await import('../../mcp/commands.ts')
  const local = await localCommands(file).catch((error: unknown) => {
    throw error instanceof CommandFileError ? new ConfigError(`PAWL_MCP_COMMANDS: ${error.message}`) : error
  })
  const vault = async () => read(env, variables.vault) ?? (await vaultOf(client))
  return withCommands(
    answer,
    local,
    async (path) => (await client.secrets.get({ vault_id: await vault(), path })).value,
  )
}

/** The vault that the tools use as well. */
async function vaultOf(client: PawlHttpClient): Promise<string> {
  const [agent, { vaults }] = await Promise.all([client.agents.me(), client.vaults.list()])
  const choice = defaultVault(vaults, agent.id)
  if ('vault' in choice) return choice.vault.id
  const possible =
    choice.problem === 'none' ? 'The agent cannot list any vault' : `Possible vaults: ${listed(choice.names)}`
  throw new PawlError('not_found', 'no_vault', `${possible}. Set ${variables.vault[0]}.`, undefined)
}

function headersOf(env: Environment): Record<string, string> {
  const vault = read(env, variables.vault)
  const { PAWL_MCP_VALUES: values = 'on' } = env
  if (values !== 'on' && values !== 'off') throw new ConfigError('PAWL_MCP_VALUES must be one of on, off.')
  return { 'x-mcp-values': values, ...(vault === undefined ? {} : { 'x-vault-id': vault }) }
}

/** An empty variable counts as not set. */
function read(env: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '')
}

function webUrl(given: string): string {
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw new ConfigError(`${variables.url[0]} must be the URL of a vault, such as ${defaultUrl}.`)
  }
  return given.replace(/\/+$/, '')
}

function portOf({ PORT = defaultPort }: Environment): number {
  if (!/^[0-9]{1,5}$/.test(PORT) || Number(PORT) > 65_535) throw new ConfigError('PORT must be a port from 0 to 65535.')
  return Number(PORT)
}
