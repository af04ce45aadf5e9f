import { createReadStream } from 'node:fs'
import { type AskShare, readConfig, restoreVault } from '../../host/index.ts'
import { type Answers, answersFrom } from '../answers.ts'
import { command } from '../command.ts'
import { contentsOf, reported, whileShown } from '../copying.ts'
import type { Terminal } from '../terminal.ts'

/** `pawl restore` */
export const restore = command({
  positionals: ['<file>'],
  example: 'vault.backup',
  help: () => [
    'Restores to the configured storage, which may be on another machine or of another type. Overwrites nothing.',
    'First put the root key in place (PAWL_ROOT_KEY_FILE, or root.key in the data folder). With -, reads the backup from',
    'standard input. Compares the whole copy with the backup before it becomes a vault. If interrupted, run it again.',
    'Exits with 1 if data in the backup was already damaged when it was made, or if a key store is missing.',
  ],
  run: async ({ positionals: [file = ''] }, terminal) => {
    const config = readConfig(terminal.env)
    const done = await withFile(file, (bytes) =>
      whileShown(terminal, (shown) =>
        restoreVault(config, bytes, (doing, records) => shown[doing](records), asker(terminal)),
      ),
    )
    const day = new Date(done.createdAt).toISOString()
    terminal.out(`Restored the vault as of ${day}: ${contentsOf(done)}.`)
    if (done.frozen > 0) terminal.out(frozenText(done.frozen))
    return reported(done, terminal)
  },
})

function frozenText(orgs: number): string {
  const which = orgs === 1 ? 'the organisation' : `${orgs} organisations`
  return `Signing is frozen in ${which}, because the backup does not know what was signed after it. See docs/backup.md.`
}

/** Asks custodians for their shares. Only the custodian may see a share. */
function asker(terminal: Terminal): AskShare {
  let answers: Answers | null = null
  return async (given, needed, problem) => {
    if (problem !== null) terminal.error(problem)
    answers ??= answersFrom(terminal)
    const answer = await answers(`Share ${given + 1}${needed === null ? '' : ` of the ${needed} that are needed`}: `)
    if (answer === null) throw new Error('The input has ended. Nothing was changed.')
    return answer
  }
}

async function withFile<T>(file: string, work: (bytes: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
  const bytes = file === '-' ? process.stdin : createReadStream(file)
  try {
    return await work(bytes)
  } finally {
    bytes.destroy()
  }
}
