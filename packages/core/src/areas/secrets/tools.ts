import * as z from 'zod'
import { parseEnv } from '../../kernel/dotenv.ts'
import { limits } from '../../kernel/limits.ts'
import { fields, tool } from '../../operations/index.ts'
import { notAnEnvBundle, secretNotFound } from './errors.ts'
import type { SecretBody, SecretMetadata } from './schemas.ts'

// Tools that differ from their operation. The operation checks the fields.

const types = ['api_key', 'password', 'private_key', 'certificate', 'file', 'note', 'ssh_key', 'env_bundle'] as const

const path = z.string('must be a string').meta({ description: 'Path of the secret, such as api-keys/stripe.' })
const value = fields.secretText(limits.secretBytesMax)

export const getSecretTool = tool({
  name: 'get_secret',
  summary:
    'Get the value of a secret. Call this right before you use the value. Do not repeat the value in any answer, summary or file.',
  input: z.object({ path }),
  call: (given) => given,
  answer: ({ path, type, version, value }: SecretBody) => ({ path, type, version, value: value.reveal() }),
})

export const putSecretTool = tool({
  name: 'put_secret',
  opensValues: false,
  summary: 'Store a secret, or a new version of an existing secret.',
  input: z.object({
    path,
    value: value.meta({ description: 'Value to store.' }),
    type: z
      .enum(types, `must be one of ${types.join(', ')}`)
      .default('api_key')
      .meta({ description: 'Type of the secret.' }),
    metadata: z.record(z.string(), z.unknown()).optional().meta({ description: 'Metadata of your choice.' }),
    expires_at: z
      .string()
      .optional()
      .meta({ format: 'date-time', description: 'When the secret expires. Default: never.' }),
    max_access_count: z.number().optional().meta({ description: 'Maximum number of reads. 0 means no limit.' }),
  }),
  call: ({ metadata, ...given }) => ({
    ...given,
    metadata: metadata as Record<string, z.core.util.JSONType> | undefined,
  }),
})

/** Keeps the type, because a private key must not become a type that agents can read. */
export const rotateAndStoreTool = tool({
  name: 'rotate_and_store',
  opensValues: false,
  summary: 'Store the new value of an existing secret that was changed elsewhere. Older versions stay.',
  input: z.object({ path, value: value.meta({ description: 'New value.' }) }),
  call: (given) => ({ ...given, must_exist: true }),
})

export const describeSecretTool = tool({
  name: 'describe_secret',
  summary: 'Show type, version and expiry of a secret, without its value. Also tells whether the secret exists.',
  input: z.object({ path }),
  call: ({ path }) => ({ prefix: path }),
  answer: ({ secrets }: { secrets: SecretMetadata[] }, { path }) => {
    const found = secrets.find((secret) => secret.path === path)
    if (!found) throw secretNotFound()
    return found
  },
})

export const getEnvBundleTool = tool({
  name: 'get_env_bundle',
  summary: 'Get a secret of type env_bundle (lines of KEY=VALUE) as an object.',
  input: z.object({ path }),
  call: (given) => given,
  answer: ({ type, value }: SecretBody) => {
    if (type !== 'env_bundle') throw notAnEnvBundle()
    return parseEnv(value.reveal())
  },
})
