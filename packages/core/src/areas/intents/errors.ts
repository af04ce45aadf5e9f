import { defineError } from '../../kernel/errors.ts'

export const intentsDisabled = defineError(
  'intents_disabled',
  'denied',
  'This agent may not sign. A human must set its intents_api_enabled to true first.',
)

export const transactionNotFound = defineError(
  'transaction_not_found',
  'not_found',
  'The agent has no transaction with this ID.',
)

/** The chain has changed while a human decided, so what would be signed is more than what the human saw. */
export const approvalExceeded = defineError<{ what: string }>(
  'approval_exceeded',
  'denied',
  ({ what }) => `A human approved the transaction, but ${what} would now be more than what was approved. Ask again.`,
)

export interface Reverted {
  readonly reason: string
  /** The transaction as an answer, which clients read from the body. */
  readonly transaction: { readonly [field: string]: string | number | undefined }
}

/** The transaction would fail, so nothing was signed. */
export const simulationReverted = defineError<Reverted>(
  'simulation_reverted',
  'invalid',
  ({ reason }) => `The simulation failed, so nothing was signed: ${reason}`,
)

/** The transaction must be simulated before it is signed, and that could not be done. */
export const simulationUnavailable = defineError<{ chain: string }>(
  'simulation_unavailable',
  'unavailable',
  ({ chain }) => `No node of ${chain} can simulate the transaction, so nothing was signed.`,
)

export const notSupportedHere = defineError<{ what: string; instead?: string }>(
  'not_supported_here',
  'unavailable',
  ({ what, instead }) => `This server does not support ${what}.${instead === undefined ? '' : ` ${instead}`}`,
)

/** The bundler says that the operation would fail, or the paymaster does not pay for it. Nothing was signed. */
export const operationRefused = defineError<{ service: string; reason: string }>(
  'operation_refused',
  'invalid',
  ({ service, reason }) => `The ${service} refuses the operation, so nothing was signed: ${reason}`,
)
