import { readFileSync } from 'node:fs'
import { type Terminal, UsageError } from '../terminal.ts'

/** The text of a file; `-` reads standard input. */
export async function textOfFile(file: string, { input }: Terminal): Promise<string> {
  if (file === '-') return (await input?.()) ?? ''
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    throw new UsageError(`${file} cannot be read${code === 'ENOENT' ? ': the file does not exist' : `: ${code}`}`)
  }
}
