import { createReadStream } from 'node:fs'
import { type AskShare, readConfig, restoreVault } from '../../host/index.ts'
import { type Answers, answersFrom } from '../answers.ts'
import { contentsOf, reported, whileShown } from '../copying.ts'
import { type Command, type Terminal, UsageError } from '../terminal.ts'

/** `pawl restore` */
export const restore: Command = {
  usage: '<file>',
  help: () => [
    'It goes where the settings say: another folder, another machine, another kind of storage. Nothing is overwritten.',
    'Put the root key in its place first (PAWL_ROOT_KEY_FILE, or root.key in the data folder). With - it is read from',
    'the standard input. All of it is read again and compared before it is a vault; cut off, run it again.',
    'Ends with 1 when something in the backup was damaged before it was made.',
  ],
  run: async (args, terminal) => {
    const [file, ...more] = args
    if (file === undefined || more.length > 0) throw new UsageError('restore takes the name of a file, or -')
    const config = readConfig(terminal.env)
    const done = await withFile(file, (bytes) =>
      whileShown(terminal, (shown) =>
        restoreVault(config, bytes, (doing, records) => shown[doing](records), asker(terminal)),
      ),
    )
    const day = new Date(done.createdAt).toISOString()
    terminal.out(`Restored a vault as it was at ${day}: ${contentsOf(done)}.`)
    return reported(done, terminal)
  },
}

/** Asks custodians, whose shares nobody else is to see. */
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
