import { dirname } from 'node:path'
import { PawlError } from '@pawl/core/client'
import { defaultVault, listed } from '../../derive/default-vault.ts'
import type { Environment } from '../../host/index.ts'
import { type Connection, clientAt, isOfAgent } from './connection.ts'
import { readKept } from './stored.ts'

export const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The vault of a command: the one that the user names, else that of the environment, of this folder or of the
 * settings. Otherwise the only vault that a human made. If there are several, the CLI chooses none (M1).
 */
export async function vaultFor(place: Connection, env: Environment, given?: string): Promise<string> {
  const named =
    given ?? env.PAWL_VAULT_ID ?? env.ONECLAW_VAULT_ID ?? linkedVault(env) ?? readKept(env, 'config')?.['default-vault']
  if (named && idPattern.test(named)) return named
  const { vaults } = await clientAt(place).vaults.list()
  if (named) {
    const found = vaults.find(({ name }) => name === named)
    if (found) return found.id
    throw noVault(`The vault ${named} does not exist, or you cannot access it. pawl vault list shows your vaults.`)
  }
  const choice = defaultVault(vaults)
  if ('vault' in choice) return choice.vault.id
  if (choice.problem === 'none' && isOfAgent(place)) throw noVault(noneForAgent)
  throw noVault(problems[choice.problem](listed(choice.names)))
}

const noneForAgent = "No policy gives this agent access to a vault. An owner can run: pawl grant <agent> read '**'"

const problems = {
  none: () => 'You cannot access any vault. Create one: pawl vault create <name>',
  several: (names: string) => `Several vaults are possible: ${names}. Name one: --vault <name>`,
  'by agents': (names: string) => `Only agents made the vaults that you can access: ${names}. Name one: --vault <name>`,
}

function noVault(problem: string): PawlError {
  return new PawlError('not_found', 'vault_not_found', problem, undefined)
}

/** The vault of this folder, or of the nearest above it. */
function linkedVault(env: Environment): string | undefined {
  const { links = {} } = readKept(env, 'config') ?? {}
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (Object.hasOwn(links, folder)) return links[folder]
    if (folder === dirname(folder)) return undefined
  }
}
