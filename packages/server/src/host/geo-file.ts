import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Geo, geoFrom } from '@pawl/core'
import { Unfit } from './settings.ts'

/** Reads the places of networks. An error names the line, and does not repeat its text. */
export function geoFile(given: string): Geo {
  try {
    return geoFrom(readFileSync(resolve(given), 'utf8'))
  } catch (error) {
    if (error instanceof TypeError) throw new Unfit(`names a file that does not fit. ${error.message}`)
    throw new Unfit(`names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
