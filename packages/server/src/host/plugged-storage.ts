import type { Exclusive, GroupCommit, Shrinking, Snapshot, Storage } from '@pawl/core/ports'
import { ConfigError } from './config-error.ts'
import { defaultOf } from './modules.ts'

/** A plug-in must implement the port. The other abilities are optional. */
export type ChosenStorage = Storage & Partial<Snapshot & GroupCommit & Exclusive & Shrinking>

export function hasSnapshot(storage: ChosenStorage): storage is ChosenStorage & Snapshot {
  return storage.snapshot !== undefined
}

type Open = () => ChosenStorage | Promise<ChosenStorage>

/** A storage that a module opens. A process can open a vault more than once, so the module gives a function. */
export async function pluggedStorage(module: string): Promise<ChosenStorage> {
  const open = await defaultOf<Open>('PAWL_STORAGE', module, 'a function that opens a storage', isFunction)
  const storage = await open()
  const missing = (['setup', 'get', 'scan', 'commit', 'close'] as const).filter(
    (call) => typeof storage?.[call] !== 'function',
  )
  if (missing.length === 0) return storage
  throw new ConfigError(`PAWL_STORAGE: what ${module} opens is not a storage. It lacks ${missing.join(', ')}.`)
}

function isFunction(value: Partial<Open>): value is Open {
  return typeof value === 'function'
}
