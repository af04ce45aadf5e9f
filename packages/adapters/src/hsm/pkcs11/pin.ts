import { readFile, stat } from 'node:fs/promises'
import { HsmError, wipe } from '@pawl/core/ports'
import { refuseOpenToOthers } from '../software/disk.ts'

/**
 * The PIN in a file that belongs to its user alone, without the line end that an editor adds.
 *
 * @example
 * await hsm.unseal(await readPin('/run/secrets/pin'))
 */
export async function readPin(path: string): Promise<Uint8Array> {
  try {
    refuseOpenToOthers(await stat(path), path, '600')
    const content = await readFile(path)
    const end = /\r?\n$/.exec(content.toString('latin1'))?.index ?? content.length
    const pin = new Uint8Array(content.subarray(0, end))
    wipe(content)
    return pin
  } catch (error) {
    if (error instanceof HsmError) throw error
    throw new HsmError(
      'unavailable',
      `The PIN cannot be read from ${path}. Check that the file exists and that this user may read it.`,
    )
  }
}
