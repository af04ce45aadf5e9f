import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { pkcs11 } from '@pawl/adapters/hsm/pkcs11'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { type Hsm, HsmError } from '@pawl/core/ports'
import type { Config } from './config.ts'
import type { KeyStoreChoice } from './key-store-settings.ts'

/** A key store and the organisations that may use it. */
export interface Bound {
  readonly hsm: Hsm
  /** Left out: the first organisation. */
  readonly orgs?: readonly string[]
}

/** The key stores of organisations that a configuration describes, not opened yet. */
export function keyStoresOf({ keyStores }: Pick<Config, 'keyStores'>): Readonly<Record<string, Bound>> {
  return Object.fromEntries(
    Object.entries(keyStores).map(([name, { hsm, orgs }]) => [name, { hsm: openable(hsm), ...(orgs && { orgs }) }]),
  )
}

function openable(chosen: KeyStoreChoice['hsm']): Hsm {
  if (chosen.kind === 'pkcs11') return pkcs11({ uri: chosen.uri })
  const { path } = chosen
  return whileFolderExists(
    dirname(path),
    softwareHsm({ path, root: { keyFile: `${path}.root` }, crypto: nodeCrypto() }),
  )
}

/** A folder that is missing is a disk that is not mounted. New keys elsewhere would be lost when it is. */
function whileFolderExists(folder: string, hsm: Hsm): Hsm {
  const { createKey, status } = hsm
  return Object.assign(hsm, {
    createKey: async (...given: Parameters<Hsm['createKey']>) => {
      if (!existsSync(folder)) throw new HsmError('unavailable', `The folder ${folder} does not exist.`)
      await createKey(...given)
    },
    status: async () => (existsSync(folder) ? status() : ('unavailable' as const)),
  } satisfies Partial<Hsm>)
}
