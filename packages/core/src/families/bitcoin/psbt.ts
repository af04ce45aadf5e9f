import { Transaction } from '@scure/btc-signer'
import { equalBytes, hex } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'
import { type Plan, type PlanInput, sighashAll } from './plan.ts'

export interface Prebuilt {
  readonly plan: Plan
  /** Whether each input brings the transaction that it spends, so that its value is certain without a node. */
  readonly isProven: boolean
}

/**
 * Reads an unsigned PSBT (BIP-174, BIP-370) that spends only outputs with this script. So no other key can add an effect.
 */
export function readPsbt(bytes: Uint8Array, ownScript: Uint8Array): Prebuilt {
  const transaction = parsed(bytes)
  const inputs = Array.from({ length: transaction.inputsLength }, (_, at) =>
    inputOf(transaction.getInput(at), ownScript),
  )
  const outputs = Array.from({ length: transaction.outputsLength }, (_, at) => {
    const { script, amount } = transaction.getOutput(at)
    if (!script || amount === undefined) throw refused('has an output without a script or an amount')
    return { script, value: amount }
  })
  if (inputs.length === 0 || outputs.length === 0) throw refused('has no inputs or no outputs')
  const spent = new Set(inputs.map(({ input }) => `${input.transactionId}:${input.index}`))
  if (spent.size < inputs.length) throw refused('spends an output twice')
  const { version, lockTime } = transaction
  const plan = { version, lockTime, inputs: inputs.map(({ input }) => input), outputs }
  return { plan, isProven: inputs.every(({ isProven }) => isProven) }
}

function parsed(bytes: Uint8Array): Transaction {
  try {
    return Transaction.fromPSBT(bytes, { allowUnknownOutputs: true, allowUnknownInputs: true })
  } catch {
    throw refused('is not a valid PSBT')
  }
}

/** What a PSBT can say about an input beside the output that it spends. None of it belongs to P2WPKH without a signature. */
const foreign = [
  'finalScriptSig',
  'finalScriptWitness',
  'partialSig',
  'redeemScript',
  'tapKeySig',
  'tapLeafScript',
  'tapScriptSig',
  'witnessScript',
] as const

function inputOf(
  input: ReturnType<Transaction['getInput']>,
  ownScript: Uint8Array,
): { readonly input: PlanInput; readonly isProven: boolean } {
  const { txid, index, nonWitnessUtxo, witnessUtxo, sighashType = sighashAll, sequence = 0xffffffff } = input
  if (!txid || index === undefined) throw refused('has an input that spends no output')
  const spent = nonWitnessUtxo?.outputs[index] ?? witnessUtxo
  if (!spent) throw refused('has an input without the output that it spends')
  if (!equalBytes(spent.script, ownScript)) throw refused('spends an output of another address')
  if (sighashType !== sighashAll) throw refused('asks for a signature of a part of the transaction')
  for (const name of foreign) if (input[name] !== undefined) throw refused(`has an input with ${name}`)
  const plan = { transactionId: hex(txid), index, value: spent.amount, sequence }
  return { input: plan, isProven: nonWitnessUtxo !== undefined }
}

function refused(what: string): BadTransaction {
  return new BadTransaction('raw_transaction', what)
}
