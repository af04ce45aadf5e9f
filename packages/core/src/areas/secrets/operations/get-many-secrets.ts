import * as z from 'zod'
import { PawlError } from '../../../kernel/errors.ts'
import { AfterCommit, type Engine, fields, type Origin, operation, perform } from '../../../operations/index.ts'
import { passkeyTokenField, passkeyTokenHeader } from '../../credentials/index.ts'
import { vaultAt, vaultNotFound } from '../../vaults/index.ts'
import { pathField, SecretBody } from '../schemas.ts'
import { getSecret } from './get-secret.ts'

const pathsMax = 100

const ItemError = z.object({ code: z.string(), kind: z.string(), detail: z.string() }).meta({ id: 'SecretReadError' })

const Item = z
  .object({ path: z.string(), secret: SecretBody.optional(), error: ItemError.optional() })
  .meta({ id: 'SecretReadResult' })

type Item = z.infer<typeof Item>

export const getManySecrets = operation({
  name: 'secrets.getMany',
  summary: 'Get the values of up to 100 secrets. Each is a read of its own, with its own result or error.',
  http: {
    method: 'POST',
    path: '/v1/vaults/{vault_id}/secret-batch',
    status: 200,
    id: 'getManySecrets',
    tag: 'Secrets',
    headers: passkeyTokenHeader,
  },
  command: {
    name: 'secret get-many',
    positionals: ['paths'],
    columns: ['path', 'secret.value', 'error.detail'],
    succeeds: { failed: 0 },
  },
  effect: 'read',
  access: { permission: 'see', resource: ({ vault_id }) => vaultAt(vault_id) },
  audit: {
    action: 'secret.read_batch',
    resource: 'vault',
    about: ({ vault_id, paths }) => ({ id: vault_id, paths: paths.length }),
  },
  input: z.object({
    vault_id: fields.id(),
    paths: z
      .array(pathField(), 'must be a list')
      .min(1, 'must name at least one path')
      .max(pathsMax, `must name at most ${pathsMax} paths`)
      .refine((paths) => new Set(paths).size === paths.length, 'must not name a path twice')
      .meta({ uniqueItems: true })
      .describe('Paths of the secrets.'),
    passkey_token: passkeyTokenField(),
  }),
  output: z.object({ results: z.array(Item), failed: fields.count() }),
  reveals: ['results.secret.value'],
  errors: [vaultNotFound],
  run: ({ origin }, { vault_id, paths, passkey_token }) =>
    new AfterCommit({}, async (engine) => {
      const results = await Promise.all(
        paths.map((path) => readOne(engine, origin, { vault_id, path, passkey_token: passkey_token?.reveal() })),
      )
      return { results, failed: results.filter(({ error }) => error !== undefined).length }
    }),
})

interface Asked {
  readonly vault_id: string
  readonly path: string
  readonly passkey_token: string | undefined
}

/** Like a call of `secrets.get`: with its own decision, its own count and its own event, in a commit of its own. */
async function readOne(engine: Engine, origin: Origin, input: Asked): Promise<Item> {
  const { path } = input
  try {
    return { path, secret: await perform(engine, getSecret, input, origin) }
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    const { code, kind, message: detail } = error
    return { path, error: { code, kind, detail } }
  }
}
