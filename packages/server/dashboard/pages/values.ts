import { useQueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { vault } from '../asked.ts'
import { decryptForClient, encryptForClient } from '../client-key.ts'

type Stored = Omit<Parameters<typeof api.secrets.put>[0], 'vault_id' | 'value'> & { readonly value: string }

/** Reads and stores values of a vault. In a vault with a key of its own, this browser encrypts and decrypts them. */
export function useValues(vaultId: string) {
  const cache = useQueryClient()
  const fingerprint = async () => {
    const { cmek_enabled, cmek_fingerprint } = await cache.ensureQueryData(vault(vaultId))
    return cmek_enabled ? (cmek_fingerprint ?? null) : null
  }
  // The version names its key: it may have been stored before the vault got another one.
  const opened = ({ value, cmek_fingerprint }: Awaited<ReturnType<typeof api.secrets.get>>) =>
    cmek_fingerprint === undefined ? value.reveal() : decryptForClient(cmek_fingerprint, value.reveal())
  return {
    read: async (path: string) => opened(await api.secrets.get({ vault_id: vaultId, path })),
    readVersion: async (path: string, version: number) =>
      opened(await api.secrets.getVersion({ vault_id: vaultId, path, version })),
    store: async ({ value, ...rest }: Stored) => {
      const named = await fingerprint()
      const sent = named === null ? value : await encryptForClient(named, value)
      return api.secrets.put({ ...rest, vault_id: vaultId, value: sent })
    },
  }
}
