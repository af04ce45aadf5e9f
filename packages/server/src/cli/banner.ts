import type { AnyOperation } from '@pawl/core'
import { isThisMachine } from '@pawl/core/ports'
import { operationsOf } from '@pawl/core/surfaces'
import type { Config, Owner, Started } from '../host/index.ts'
import { version } from '../version.ts'
import { bold, columns, dim, type Terminal } from './terminal.ts'

/** The text that a started server prints: its address, its contents, and commands to try. */
export function banner(
  { pawl, url, shroudUrl, owner, isSealed }: Started,
  config: Config,
  terminal: Terminal,
): string[] {
  const { madePassword, isNew, email } = owner
  const facts: [string, string][] = [
    ['Dashboard', url],
    ['API', url],
    ['Contract', `${url}/openapi.json`],
    ['Tools', `${url}/mcp for agents, or npx pawl mcp`],
    ...(shroudUrl === null ? [] : [['Shroud', `${shroudUrl} for agents that call models`] as [string, string]]),
    ['Data', config.storage?.kind === 'memory' ? 'memory only, lost when the server stops' : config.dataDir],
  ]
  facts.push(...ownerFacts(owner, terminal))
  if (!isSealed && !isNew) facts.push(['Owner', 'exists. Lost password: npx pawl owner reset-password'])
  const lines = [bold(`Pawl ${version}`, terminal), '', ...columns(facts), ...warnings(config)]
  if (isSealed) return [...lines, '', ...sealedLines(terminal), '', 'Stop with Ctrl-C.']
  const tries = trial(operationsOf(pawl.registry), url, email, madePassword)
  return [...lines, '', ...(isNew ? [bold('Try it:', terminal), '', ...tries, ''] : []), 'Stop with Ctrl-C.']
}

export function ownerFacts({ isNew, email, madePassword }: Owner, terminal: Terminal): [string, string][] {
  const facts: [string, string][] = isNew ? [['Owner', email]] : []
  if (madePassword !== null) facts.push(['Password', `${madePassword}   ${dim('(shown this once)', terminal)}`])
  return facts
}

function sealedLines(terminal: Terminal): string[] {
  return [
    bold('The vault is sealed.', terminal),
    'Each custodian runs `pawl unseal` and types a share. `pawl unseal --help` explains how.',
  ]
}

function warnings({ host, publicUrl, tlsCert }: Config): string[] {
  if (isThisMachine(host) || tlsCert !== null || publicUrl?.startsWith('https:')) return []
  return [
    '',
    `Other machines can reach ${host}, and tokens travel unencrypted. Set PAWL_TLS_CERT and PAWL_TLS_KEY, or put a TLS proxy in front.`,
  ]
}

/** Lines for a shell: sign in, create a vault, store a secret, read it. */
function trial(operations: readonly AnyOperation[], url: string, email: string, made: string | null): string[] {
  const path = (id: string) => operations.find(({ http }) => http?.id === id)?.http?.path ?? ''
  const password = made ?? `'"$PAWL_OWNER_PASSWORD"'`
  const secret = url + path('putSecret').replace('{vault_id}', '$VAULT').replace('{path+}', 'hello')
  const bearer = '-H "Authorization: Bearer $TOKEN"'
  return [
    `TOKEN=$(curl -s ${url}${path('login')} --json '{"email":"${email}","password":"${password}"}' | ${field('access_token')})`,
    `VAULT=$(curl -s ${url}${path('createVault')} ${bearer} --json '{"name":"demo"}' | ${field('id')})`,
    `curl -s -X PUT ${secret} ${bearer} --json '{"value":"world"}'`,
    `curl -s ${secret} ${bearer}`,
  ]
}

/** A shell command that extracts a field from JSON, with tools that every machine has. */
function field(name: string): string {
  return String.raw`sed 's/.*"${name}":"\([^"]*\)".*/\1/'`
}
