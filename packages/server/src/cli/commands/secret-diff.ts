import type { PawlHttpClient } from '@pawl/core/client'
import { parseEnv } from '@pawl/core/dotenv'
import { last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'
import { UsageError } from '../terminal.ts'

/** The fields of a version that are compared. */
interface Compared {
  readonly type: string
  readonly value: string
}

/** `pawl secret diff` */
export const secretDiff = command({
  positionals: ['<path>', '[version]', '[version]'],
  example: 'db/password 1 3',
  flags: [vaultFlag, urlFlag],
  help: () => [
    'Compares the latest version with the one before it, or with the version that you name. Counts as a read of both.',
    'Of a secret of type env_bundle, lists the names of the variables that differ. Exits with 1 if the versions differ.',
  ],
  run: async ({ flags, positionals: [path = '', ...given] }, terminal) => {
    const place = connectionOf(terminal.env, last(flags, 'api-url'))
    const asked = given.map(numberOf)
    const { from, to, lines } = await sayingWhatToDo(place, asTheyAre, async () => {
      const vault_id = await vaultFor(place, terminal.env, last(flags, 'vault'))
      const { secrets } = clientAt(place)
      const [from, to] = await versionsOf(secrets, vault_id, path, asked)
      const [before, after] = await Promise.all(
        [from, to].map(async (version) => {
          const { type, value } = await secrets.getVersion({ vault_id, path, version })
          return { type, value: value.reveal() }
        }),
      )
      return { from, to, lines: before && after ? differences(before, after) : [] }
    })
    terminal.out(`${path}: version ${from} and version ${to} ${lines.length > 0 ? 'differ' : 'are the same'}`)
    for (const line of lines) terminal.out(line)
    return lines.length > 0 ? exits.failed : exits.ok
  },
})

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('[version] must be a number')
  return Number(text)
}

/** One named version is compared with the latest. Two are compared in the given order. */
async function versionsOf(
  secrets: PawlHttpClient['secrets'],
  vault_id: string,
  path: string,
  [first, second]: readonly number[],
): Promise<readonly [number, number]> {
  if (first !== undefined && second !== undefined) return [first, second]
  const { versions } = await secrets.listVersions({ vault_id, path })
  const [latest = 0, before] = versions.map(({ version }) => version).sort((a, b) => b - a)
  const from = first ?? before
  if (from === undefined) throw new UsageError(`${path} has only one version`)
  return [from, latest]
}

function differences(before: Compared, after: Compared): string[] {
  const type = before.type === after.type ? [] : [`type: ${before.type}, then ${after.type}`]
  if (before.value === after.value) return type
  const isBundle = before.type === 'env_bundle' && after.type === 'env_bundle'
  return [...type, ...(isBundle ? variables(parseEnv(before.value), parseEnv(after.value)) : ['the value'])]
}

type Variables = Readonly<Record<string, string>>

function variables(before: Variables, after: Variables): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const lines = names.flatMap((name) => {
    if (!Object.hasOwn(before, name)) return [`+ ${name}`]
    if (!Object.hasOwn(after, name)) return [`- ${name}`]
    return before[name] === after[name] ? [] : [`~ ${name}`]
  })
  return lines.length > 0 ? lines : ['comments or the order of lines']
}
