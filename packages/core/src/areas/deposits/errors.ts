import { defineError } from '../../kernel/errors.ts'

export const destinationNotFound = defineError(
  'deposit_destination_not_found',
  'not_found',
  'The deposit destination does not exist, or it belongs to another user.',
)

export const destinationsFull = defineError<{ max: number }>(
  'deposit_destinations_full',
  'conflict',
  ({ max }) => `You have ${max} deposit destinations, which is the maximum.`,
)

export const chainNotWatchable = defineError<{ chain: string }>(
  'chain_not_watchable',
  'unavailable',
  ({ chain }) =>
    `Pawl cannot detect deposits on ${chain}. It supports EVM chains and Bitcoin. For another chain, install an adapter with arrivals() and blockAt().`,
)

export const walletUnknown = defineError(
  'deposit_wallet_not_found',
  'not_found',
  'treasury_wallet_id: the wallet does not exist, or it belongs to another user.',
)

export const keyOfWallet = defineError(
  'deposit_key_of_wallet',
  'conflict',
  'The address is that of a treasury wallet. Export the key of the wallet instead.',
)
