import { useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { vault } from '../asked.ts'
import { decryptForClient, encryptForClient } from '../client-key.ts'

type Stored = Omit<Parameters<typeof api.secrets.put>[0], 'vault_id' | 'value' | 'cmek_fingerprint'> & {
  readonly value: string
}

/** Reads and stores values of a vault. In a vault with a key of its own, this browser encrypts and decrypts them. */
export function useValues(vaultId: string) {
  const cache = useQueryClient()
  // Asked for each value: a cached answer would send values in clear after another tab gave the vault a key.
  const fingerprint = async () => {
    const { cmek_enabled, cmek_fingerprint } = await cache.fetchQuery({ ...vault(vaultId), staleTime: 0 })
    return cmek_enabled ? (cmek_fingerprint ?? null) : null
  }
  // The version names its key: it may have been stored before the vault got another one.
  const opened = ({ value, cmek_fingerprint }: Awaited<ReturnType<typeof api.secrets.get>>) =>
    cmek_fingerprint === undefined ? value.reveal() : decryptForClient(cmek_fingerprint, value.reveal())
  const put = api.secrets.put
  /** The server refuses the value if the vault uses another key by then, or none. */
  const storeWith = async (cmek_fingerprint: string, { value, ...rest }: Stored) =>
    put({ ...rest, vault_id: vaultId, value: await encryptForClient(cmek_fingerprint, value), cmek_fingerprint })
  return {
    read: async (path: string) => opened(await api.secrets.get({ vault_id: vaultId, path })),
    /** Null: this key already encrypts the newest value. */
    readUnlessUnder: async (key: string, path: string) => {
      const found = await api.secrets.get({ vault_id: vaultId, path })
      return found.cmek_fingerprint === key ? null : { path, value: await opened(found), version: found.version }
    },
    readVersion: async (path: string, version: number) =>
      opened(await api.secrets.getVersion({ vault_id: vaultId, path, version })),
    store: async (given: Stored) => {
      const named = await fingerprint()
      return named === null ? put({ ...given, vault_id: vaultId }) : storeWith(named, given)
    },
    storeWith,
  }
}
