import * as z from 'zod'
import { type Family, familyOfKeys, type KeyChain, type Network } from '../../families/index.ts'
import { invalidField } from '../../kernel/errors.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { keyChains, type SigningKey } from './records.ts'

/** The chain of a signing key. All EVM networks share `ethereum`, which some clients call `evm`. */
export function keyChainField() {
  return z
    .enum([...keyChains, 'evm'], `must be one of ${keyChains.join(', ')}`)
    .transform((given): KeyChain => (given === 'evm' ? 'ethereum' : given))
}

/** The family of a chain. A family that Pawl cannot write transactions for has no keys. */
export function familyFor(chain: KeyChain): Family {
  const family = familyOfKeys(chain)
  if (!family) throw invalidField('chain', 'is not supported yet')
  return family
}

/** The main network of a family, for addresses that are shown without naming a network. */
export function mainNetwork(name: KeyChain): Network {
  return { name, isTestnet: false, chainId: null, decimals: 0 }
}

export const SigningKeyBody = z
  .object({
    id: fields.id(),
    agent_id: fields.id(),
    chain: z.enum(keyChains),
    curve: z.enum(['secp256k1', 'ed25519']),
    public_key: z.string(),
    address: z.string(),
    key_version: fields.count(),
    is_active: z.boolean(),
    custody: z
      .enum(['vault', 'hsm'])
      .describe('vault: a human can export the key. hsm: it never leaves the key store.'),
    created_at: fields.shownTime(),
    rotated_at: fields.shownTime().optional(),
  })
  .meta({ id: 'SigningKeyResponse' })

export type SigningKeyBody = z.infer<typeof SigningKeyBody>

export function signingKeyBody(key: SigningKey): SigningKeyBody {
  const { id, agentId, chain, curve, publicKey, address, version, isActive, custody, createdAt, rotatedAt } = key
  return {
    ...{ id, agent_id: agentId, chain, curve, public_key: publicKey, address, key_version: version },
    ...{ is_active: isActive, custody, created_at: rfc3339(createdAt) },
    ...(rotatedAt === null ? {} : { rotated_at: rfc3339(rotatedAt) }),
  }
}
