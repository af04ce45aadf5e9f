import { PawlError, type PawlHttpClient, Secret } from '@pawl/core/client'
import { type Flag, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { progress } from '../progress.ts'
import { clientAt, connectionOf } from '../remote/connection.ts'
import { urlFlag, vaultFlag } from '../remote/flags.ts'
import { type Imported, importedFrom } from '../remote/imported.ts'
import { textOfFile } from '../remote/read-file.ts'
import { asTheyAre, sayingWhatToDo } from '../remote/refusals.ts'
import { vaultFor } from '../remote/vault.ts'
import { type Terminal, UsageError } from '../terminal.ts'

const flags: readonly Flag[] = [
  vaultFlag,
  { flag: 'prefix', letter: 'p', takes: 'value', about: 'Prefix for every path, such as prod/.' },
  { flag: 'dry-run', takes: 'nothing', about: 'Show what would be stored, but store nothing.' },
  { flag: 'force', takes: 'nothing', about: 'Store a new version of existing secrets.' },
  urlFlag,
]

/** The result for one secret. */
type Outcome = 'stored' | 'would be stored' | 'there already' | 'refused'

/** `pawl import` */
export const importSecrets = command({
  positionals: ['<file>'],
  flags,
  example: '.env',
  help: () => [
    'Reads lines of NAME=value, JSON of any depth (names become paths), the output of vault kv get -format=json, an',
    'object of such outputs by path, and lists of secrets with path and value. With -, reads standard input.',
    'Prints one line per path with the result. Exits with 1 if a secret was refused.',
  ],
  run: async ({ flags: given, positionals: [file = ''] }, terminal) => {
    const prefix = last(given, 'prefix') ?? ''
    const found = importedFrom(await textOfFile(file, terminal), file, terminal)
    const imported = found.map((one) => ({ ...one, path: prefix + one.path }))
    refuseUnclear(file, imported)
    const place = connectionOf(terminal.env, last(given, 'api-url'))
    return sayingWhatToDo(place, asTheyAre, async () => {
      const vaultId = await vaultFor(place, terminal.env, last(given, 'vault'))
      const how = { isDry: given.has('dry-run'), isForced: given.has('force') }
      return store(clientAt(place), vaultId, imported, how, terminal)
    })
  },
})

function refuseUnclear(file: string, imported: readonly Imported[]): void {
  if (imported.length === 0) throw new UsageError(`${file} holds no secret`)
  const paths = imported.map(({ path }) => path)
  const twice = paths.find((path, at) => paths.indexOf(path) !== at)
  if (twice !== undefined) throw new UsageError(`${file} has the path ${twice} twice`)
}

async function store(
  { secrets }: PawlHttpClient,
  vault_id: string,
  imported: readonly Imported[],
  { isDry, isForced }: { readonly isDry: boolean; readonly isForced: boolean },
  terminal: Terminal,
): Promise<number> {
  const there = new Set((await secrets.list({ vault_id })).secrets.map(({ path }) => path))
  const shown = progress(terminal)
  const counts = new Map<Outcome, number>()
  const width = Math.max(...imported.map(({ path }) => path.length))
  for (const [at, one] of imported.entries()) {
    shown.show(`${at} of ${imported.length}`)
    const [outcome, why = ''] = await storeOne(one)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    shown.end()
    terminal.out(`${one.path.padEnd(width)}  ${outcome}${why && `: ${why}`}`)
  }
  terminal.out([...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', '))
  return counts.has('refused') ? exits.failed : exits.ok

  async function storeOne({ path, value, type }: Imported): Promise<[Outcome, string?]> {
    if (there.has(path) && !isForced) return ['there already']
    if (isDry) return ['would be stored']
    try {
      await secrets.put({ vault_id, path, value: Secret.of(value), type })
      return ['stored']
    } catch (error) {
      // An invalid or forbidden secret does not stop the import. A server that is unavailable does.
      if (!(error instanceof PawlError) || ['unavailable', 'unauthenticated', 'limited'].includes(error.kind))
        throw error
      return ['refused', error.message]
    }
  }
}
