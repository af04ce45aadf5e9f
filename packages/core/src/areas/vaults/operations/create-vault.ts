import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { limits } from '../../../kernel/limits.ts'
import {
  type Context,
  created,
  denied,
  fields,
  operation,
  principalOf,
  requireFeature,
  signedIn,
  tool,
} from '../../../operations/index.ts'
import { agentQuotaReached } from '../../orgs/index.ts'
import { takeVault } from '../agent-quota.ts'
import { type Custody, custodyOf, isInThree } from '../custody.ts'
import { custodyNotConfigured, vaultNameTaken } from '../errors.ts'
import { requireKeyStores, serverStore } from '../key-stores.ts'
import { newVault } from '../new-vault.ts'
import { systemPrefix, type Vault } from '../records.ts'
import { custodyField, keyStoreField, providersField, VaultBody, vaultBody } from '../schemas.ts'

const described = {
  name: fields
    .name()
    .refine((name) => !name.startsWith(systemPrefix), `must not begin with ${systemPrefix}, which is reserved`),
  description: fields.optional(fields.text(limits.descriptionCharactersMax)).describe('Purpose, in your own words.'),
}

export const createVault = operation({
  name: 'vaults.create',
  summary: 'Create a vault. The caller becomes its owner.',
  http: { method: 'POST', path: '/v1/vaults', status: 201, id: 'createVault', tag: 'Vaults' },
  tools: [
    tool({
      name: 'create_vault',
      summary: 'Create a vault that you own. Call list_vaults first.',
      // Custody is for people: a model that loses a client share loses the value.
      input: z.object(described),
      call: (given) => given,
    }),
  ],
  command: { positionals: ['name'], flags: { description: 'description d' } },
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  delegable: true,
  audit: { action: 'vault.create', resource: 'vault', about: ({ name }, vault) => ({ id: vault?.id, name }) },
  input: z.object({
    ...described,
    mpc_custody: fields.optional(custodyField()),
    providers: fields.optional(providersField()),
    key_store: fields
      .optional(keyStoreField())
      .describe('The key store of your organisation for the wrapping key. Default: server, that of the server.'),
  }),
  output: VaultBody,
  errors: [vaultNameTaken, custodyNotConfigured, agentQuotaReached, denied],
  run: (context, { name, description = '', ...wanted }) => {
    const caller = signedIn(context)
    if (caller.kind === 'agent' && caller.vaultIds.length > 0) {
      throw denied({ reason: 'The agent is limited to its vaults (vault_ids), so it cannot create others.' })
    }
    if (caller.kind === 'agent') takeVault(context, caller.id)
    const connection = caller.kind === 'user' ? caller.delegation?.connectionId : undefined
    const makes = { name, description, createdBy: principalOf(caller), connection }
    const vault = newVault(context, { ...makes, ...keysFor(context, wanted) })
    created(context, 'vault', vault.id)
    return vaultBody(vault)
  },
})

interface KeysWanted {
  readonly mpc_custody?: Custody | undefined
  readonly providers?: readonly string[] | undefined
  readonly key_store?: string | undefined
}

/** Where the keys of a new vault are, and between whom they are split. */
function keysFor(context: Context, wanted: KeysWanted): Pick<Vault, 'isSplit' | 'keyStores'> {
  const { mpc_custody, providers, key_store = serverStore } = wanted
  const custody = mpc_custody === undefined ? {} : custodyOf(context, mpc_custody, providers)
  if (isInThree(custody) || key_store !== serverStore) requireFeature(context, 'key_stores')
  if (isInThree(custody) && wanted.key_store !== undefined) {
    throw invalidField('key_store', 'must be left out with custody 2-of-3. Name the three key stores in providers')
  }
  requireKeyStores(context.unit, context.keyStores, 'key_store', [key_store])
  return key_store === serverStore ? custody : { ...custody, keyStores: [key_store] }
}
