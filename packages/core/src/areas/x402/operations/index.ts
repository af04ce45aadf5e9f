import { getX402 } from './get-x402.ts'
import { updateX402 } from './update-x402.ts'

export const x402Operations = { get: getX402, update: updateX402 }
