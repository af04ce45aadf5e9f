import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import {
  AfterCommit,
  confirmField,
  confirmHeader,
  type Engine,
  fields,
  notAuthenticated,
  operation,
} from '../../../operations/index.ts'
import { walk } from '../../../records/index.ts'
import { agentKind } from '../../agents/index.ts'
import { currentUser } from '../../auth/index.ts'
import type { User } from '../../orgs/index.ts'
import { policyKind } from '../../policies/index.ts'
import { secretKind } from '../../secrets/index.ts'
import { vaultKind } from '../../vaults/index.ts'
import { walletKind } from '../../wallets/index.ts'

const Named = z.object({ id: fields.id(), name: z.string(), created_at: fields.shownTime() })

const ExportBody = z
  .object({
    export_version: z.literal('1.0'),
    exported_at: fields.shownTime(),
    user: z.object({
      id: fields.id(),
      email: z.string(),
      display_name: z.string(),
      auth_method: z.string(),
      created_at: fields.shownTime(),
    }),
    vaults: z.array(Named),
    agents: z.array(Named),
    secrets_metadata: z.array(
      z.object({
        vault_id: fields.id(),
        path: z.string(),
        type: z.string(),
        version: z.int(),
        created_at: fields.shownTime(),
      }),
    ),
    policies: z.array(
      z.object({
        id: fields.id(),
        vault_id: fields.id(),
        principal_type: z.string(),
        principal_id: z.string(),
        secret_path_pattern: z.string(),
        permissions: z.array(z.string()),
        created_at: fields.shownTime(),
      }),
    ),
    wallets: z.array(
      z.object({
        id: fields.id(),
        chain: z.string(),
        address: z.string(),
        is_active: z.boolean(),
        created_at: fields.shownTime(),
      }),
    ),
  })
  .meta({ id: 'UserDataExport' })

export const exportData = operation({
  name: 'accounts.exportData',
  summary:
    'Get a copy of your data: your profile, your vaults with the names of their secrets, your agents, policies and wallets.',
  http: {
    method: 'POST',
    path: '/v1/auth/export-data',
    status: 200,
    id: 'exportUserData',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'account export', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'account.export' },
  audit: { action: 'user.export', resource: 'user' },
  input: z.object({ auth_confirm: confirmField() }),
  output: ExportBody,
  errors: [notAuthenticated],
  run: (context) => {
    const user = currentUser(context)
    const org = context.unit.org ?? ''
    return new AfterCommit({ id: user.id }, (engine) => exportOf(engine, org, user))
  },
})

/** Values of secrets and private keys are not part of it. */
async function exportOf({ records }: Engine, org: string, user: User): Promise<z.infer<typeof ExportBody>> {
  const reading = () => records.reading(org)
  const [vaults, agents] = [
    await reading().list(vaultKind, 'creator', 'user', user.id),
    await reading().list(agentKind, 'creator', 'user', user.id),
  ]
  const policies = await reading().list(policyKind, 'principal', 'user', user.id)
  const secrets_metadata = []
  for (const { id: vault_id } of vaults) {
    for await (const secret of walk(reading, secretKind, 'path', { tuple: [vault_id] })) {
      if (secret.deletedAt !== null) continue
      const { path, newest } = secret
      const { type, number: version, createdAt } = newest
      secrets_metadata.push({ vault_id, path, type, version, created_at: rfc3339(createdAt) })
    }
  }
  const wallets = await reading().list(walletKind, 'user', user.id)
  const { id, email, displayName: display_name, authMethod: auth_method } = user
  return {
    export_version: '1.0',
    exported_at: rfc3339(records.now()),
    user: { id, email, display_name, auth_method, created_at: rfc3339(user.createdAt) },
    vaults: vaults.map(named),
    agents: agents.map(named),
    secrets_metadata,
    policies: policies.map(({ id, vaultId, pattern, permissions, createdAt }) => ({
      ...{ id, vault_id: vaultId, principal_type: 'user', principal_id: user.id, secret_path_pattern: pattern },
      ...{ permissions: [...permissions], created_at: rfc3339(createdAt) },
    })),
    wallets: wallets.map(({ id, chain, address, isActive, createdAt }) => ({
      ...{ id, chain, address, is_active: isActive, created_at: rfc3339(createdAt) },
    })),
  }
}

function named({ id, name, createdAt }: { id: string; name: string; createdAt: number }) {
  return { id, name, created_at: rfc3339(createdAt) }
}
