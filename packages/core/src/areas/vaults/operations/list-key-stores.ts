import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { keyStoreNames, keyStoreStatus } from '../key-stores.ts'

export const listKeyStores = operation({
  name: 'vaults.keyStores',
  summary: 'List the key stores that your organisation can use for the keys of its vaults.',
  http: { method: 'GET', path: '/v1/key-stores', status: 200, id: 'listKeyStores', tag: 'Vaults' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'vault.key_stores_list', resource: 'vault' },
  input: z.object({}),
  output: z.object({
    key_stores: z.array(z.object({ name: z.string(), status: z.enum(['ok', 'unavailable']) })),
  }),
  errors: [],
  run: (context) => {
    const { unit, keyStores } = context
    const names = keyStoreNames(unit, keyStores)
    const statuses = unit.waitFor(() => Promise.all(names.map((name) => keyStoreStatus(context, name))))
    const shown = names.map((name, at) => ({
      name,
      status: statuses[at] === 'ok' ? ('ok' as const) : ('unavailable' as const),
    }))
    return { key_stores: shown }
  },
})
