import * as z from 'zod'
import { parseEnv } from '../../kernel/dotenv.ts'
import type { Json } from '../../kernel/json.ts'
import { limits } from '../../kernel/limits.ts'
import { fields, tool } from '../../operations/index.ts'
import { notAnEnvBundle, secretNotFound } from './errors.ts'
import type { SecretBody, SecretMetadata } from './schemas.ts'

// The tools that are not simply an operation. What a field may hold is checked by the operation behind it.

const types = ['api_key', 'password', 'private_key', 'certificate', 'file', 'note', 'ssh_key', 'env_bundle'] as const

const path = z.string('must be a text').meta({ description: 'Where the secret is, such as api-keys/stripe.' })
const value = fields.secretText(limits.secretBytesMax)

export const getSecretTool = tool({
  name: 'get_secret',
  summary:
    'Read the value of a secret. Ask for it right before it is used, and do not repeat it in any answer, summary or file.',
  input: z.object({ path }),
  call: (given) => given,
  answer: ({ path, type, version, value }: SecretBody) => ({ path, type, version, value: value.reveal() }),
})

export const putSecretTool = tool({
  name: 'put_secret',
  summary: 'Store a secret, or a new version of one that is there.',
  input: z.object({
    path,
    value: value.meta({ description: 'The value to keep.' }),
    type: z
      .enum(types, `must be one of ${types.join(', ')}`)
      .default('api_key')
      .meta({ description: 'What kind of value it is.' }),
    metadata: z.record(z.string(), z.unknown()).optional().meta({ description: 'Anything to remember about it.' }),
    expires_at: z.string().optional().meta({ format: 'date-time', description: 'When it can no longer be read.' }),
    max_access_count: z.number().optional().meta({ description: 'How often it may be read; 0 is without limit.' }),
  }),
  call: ({ metadata, ...given }) => ({ ...given, metadata: metadata as Readonly<Record<string, Json>> | undefined }),
})

/** The type stays what it was: a private key must not become something that agents may read. */
export const rotateAndStoreTool = tool({
  name: 'rotate_and_store',
  summary: 'Store the new value of a secret that was changed elsewhere. The versions before it are kept.',
  input: z.object({ path, value: value.meta({ description: 'The new value.' }) }),
  call: (given) => given,
})

export const describeSecretTool = tool({
  name: 'describe_secret',
  summary: 'Say what is known of a secret (type, version, expiry) without its value, or that there is none.',
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
  summary: 'Read a secret of type env_bundle, whose lines are KEY=VALUE, as an object.',
  input: z.object({ path }),
  call: (given) => given,
  answer: ({ type, value }: SecretBody) => {
    if (type !== 'env_bundle') throw notAnEnvBundle()
    return parseEnv(value.reveal())
  },
})
