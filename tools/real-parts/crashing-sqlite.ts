import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '../../packages/adapters/src/storage/sqlite.ts'
import { copyFolder } from './copy-folder.ts'

/**
 * A SQLite file for an engine that dies. The next engine gets the files as they are, so that closing those of the dead one
 * cannot have mended anything.
 *
 * @example
 * await crashEverywhere(scenario, { open: crashingSqlite })
 */
export function crashingSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-faults-'))
  let lives = 0
  const path = () => join(folder, `${lives}`, 'vault.db')
  const again = () => {
    copyFolder(join(folder, `${lives}`), join(folder, `${++lives}`))
    // The copies of a long run with many crashes would fill the disk.
    rmSync(join(folder, `${lives - 2}`), { recursive: true, force: true })
    return sqlite({ path: path() })
  }
  return { storage: sqlite({ path: path() }), again, destroy: () => rmSync(folder, { recursive: true }) }
}
