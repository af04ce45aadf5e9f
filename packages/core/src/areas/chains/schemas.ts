import * as z from 'zod'
import { chainAliases } from './built-in.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { RegisteredChain, Token } from './registered.ts'

const urlCharactersMax = 2_048

export function chainNameField() {
  return z
    .string('must be a string')
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      'must have lowercase letters, digits and hyphens, such as base-sepolia',
    )
    .refine((name) => !/^\d+$/.test(name) && !Object.hasOwn(chainAliases, name), 'must not be a number or an alias')
}

/** A URL that every caller can see, so it has no credentials. */
function publicUrlField(schemes: readonly string[]) {
  const isPublic = (given: string) => {
    const url = URL.canParse(given) ? new URL(given) : null
    return url !== null && schemes.includes(url.protocol) && url.username === '' && url.password === ''
  }
  const shown = schemes.map((scheme) => `${scheme}//`).join(' or ')
  return fields
    .plainText(urlCharactersMax)
    .refine(isPublic, `must be a URL that begins with ${shown}, without credentials`)
    .meta({ format: 'uri', pattern: `^(${schemes.join('|')})//[^@/?#\\s]+([/?#]\\S*)?$` })
}

/** What the operator can say about a chain, also later. */
export const chainDetails = {
  rpc_url: fields
    .clearable(publicUrlField(['https:', 'http:']))
    .describe('URL of a node. Every caller can see it. For a URL with a key, set PAWL_RPC_<CHAIN> instead.'),
  ws_url: fields
    .clearable(publicUrlField(['wss:', 'ws:']))
    .describe('WebSocket URL of a node. Every caller can see it.'),
  explorer_url: fields.clearable(publicUrlField(['https:', 'http:'])).describe('URL of a block explorer.'),
  native_currency: fields.optional(fields.plainText(16, 1)).describe('Symbol of the native currency. Default: ETH.'),
  is_testnet: fields.optional(z.boolean('must be true or false')).describe('Default: false.'),
  is_enabled: fields.optional(z.boolean('must be true or false')).describe('Whether agents can use it. Default: true.'),
}

export const ChainBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    display_name: z.string(),
    chain_id: z.int().describe('0 for chains without a number.'),
    rpc_url: z.string().optional(),
    ws_url: z.string().optional(),
    explorer_url: z.string().optional(),
    native_currency: z.string(),
    is_testnet: z.boolean(),
    is_enabled: z.boolean(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
  })
  .meta({ id: 'Chain' })

export type ChainBody = z.infer<typeof ChainBody>

export function chainBody(chain: RegisteredChain): ChainBody {
  const { id, name, displayName, chainId, rpcUrl, wsUrl, explorerUrl, currency, isTestnet, isEnabled } = chain
  return {
    id,
    name,
    display_name: displayName,
    chain_id: chainId ?? 0,
    ...(rpcUrl === null ? {} : { rpc_url: rpcUrl }),
    ...(wsUrl === null ? {} : { ws_url: wsUrl }),
    ...(explorerUrl === null ? {} : { explorer_url: explorerUrl }),
    native_currency: currency,
    is_testnet: isTestnet,
    is_enabled: isEnabled,
    created_at: rfc3339(chain.createdAt),
    updated_at: rfc3339(chain.updatedAt),
  }
}

export const TokenEntryBody = z
  .object({
    id: fields.id(),
    chain: z.string(),
    symbol: z.string(),
    name: z.string(),
    contract_address: z.string(),
    decimals: z.int(),
    is_testnet: z.boolean(),
    is_verified: z.boolean(),
    created_at: fields.shownTime(),
    updated_at: fields.shownTime(),
  })
  .meta({ id: 'KnownToken' })

export type TokenEntryBody = z.infer<typeof TokenEntryBody>

export function tokenEntryBody(token: Token): TokenEntryBody {
  const { id, chain, symbol, name, contract, decimals, isTestnet, isVerified, createdAt, updatedAt } = token
  return {
    ...{ id, chain, symbol, name, contract_address: contract, decimals },
    ...{ is_testnet: isTestnet, is_verified: isVerified },
    ...{ created_at: rfc3339(createdAt), updated_at: rfc3339(updatedAt) },
  }
}
