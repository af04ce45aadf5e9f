import { join } from 'node:path'
import { pkcs11 } from '@pawl/adapters/hsm/pkcs11'
import { rootKindOf, type SoftwareHsmOptions, type WrappedRoot } from '@pawl/adapters/hsm/software'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

// Selects the root that seals the keys of the software HSM. The key file contains the kind of its root. So shares and
// wrapped roots need no setting except the one that opens them.

export type ChosenRoot = Pick<SoftwareHsmOptions, 'root' | 'formerRoots'>

/** The root of the existing keys or, if there are none, of the keys to create. */
export function rootOf(config: Config, path: string): ChosenRoot {
  const kind = rootKindOf(path)
  if (kind !== null && kind !== 'wrapped' && config.rootHsm !== null) {
    throw new ConfigError('PAWL_ROOT_HSM is set, but its token does not wrap the root key yet. Run: pawl root wrap')
  }
  if (kind === 'wrapped' || config.rootHsm !== null) {
    return { root: wrappedRoot(config), formerRoots: [keyFileOf(config)] }
  }
  if (config.rootKey) return { root: { key: config.rootKey } }
  if (config.rootPassphrase !== null) return { root: { passphrase: config.rootPassphrase } }
  if (kind === 'shares') return { root: { shares: true }, formerRoots: [keyFileOf(config), wrappedFileOf(config)] }
  return { root: { keyFile: keyFileOf(config) }, formerRoots: [wrappedFileOf(config)] }
}

export function keyFileOf({ rootKeyFile, dataDir }: Config): string {
  return rootKeyFile ?? join(dataDir, 'root.key')
}

/** The root key in a file that only the token of PAWL_ROOT_HSM can unwrap. */
export function wrappedRoot(config: Config): WrappedRoot {
  const { rootHsm } = config
  if (rootHsm === null) throw new ConfigError('The root key is wrapped by another HSM. Set PAWL_ROOT_HSM to its URI.')
  return { wrappedBy: pkcs11({ uri: rootHsm }), uri: 'pawl:root', file: wrappedFileOf(config) }
}

function wrappedFileOf({ dataDir }: Config): string {
  return join(dataDir, 'root.wrapped')
}
