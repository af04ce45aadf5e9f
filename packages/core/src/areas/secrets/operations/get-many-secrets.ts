import * as z from 'zod'
import { PawlError } from '../../../kernel/errors.ts'
import { AfterCommit, type Engine, fields, type Origin, operation, perform } from '../../../operations/index.ts'
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
  }),
  output: z.object({ results: z.array(Item), failed: fields.count() }),
  reveals: ['results.secret.value'],
  errors: [vaultNotFound],
  run: ({ origin }, { vault_id, paths }) =>
    new AfterCommit({}, async (engine) => {
      const results = await Promise.all(paths.map((path) => readOne(engine, origin, vault_id, path)))
      return { results, failed: results.filter(({ error }) => error !== undefined).length }
    }),
})

/** Like a call of `secrets.get`: with its own decision, its own count and its own event, in a commit of its own. */
async function readOne(engine: Engine, origin: Origin, vault_id: string, path: string): Promise<Item> {
  try {
    return { path, secret: await perform(engine, getSecret, { vault_id, path }, origin) }
  } catch (error) {
    if (!(error instanceof PawlError)) throw error
    const { code, kind, message: detail } = error
    return { path, error: { code, kind, detail } }
  }
}
