import * as z from 'zod'
import {
  messageBytes,
  personalDigest,
  readTypedData,
  type TypedData,
  typesWithin,
  walletSignature,
} from '../../../families/index.ts'
import { hex } from '../../../kernel/bytes.ts'
import { invalidField } from '../../../kernel/errors.ts'
import {
  auditEvent,
  type CommitThenThrow,
  type Context,
  fields,
  forTheTrail,
  operation,
  signedIn,
} from '../../../operations/index.ts'
import { agentNamed } from '../../agents/index.ts'
import { type PendingApproval, submittedBody, submittedFields } from '../../consensus/index.ts'
import { decide, isStopped, loggedForTheTrail, refuse, reserve, type Signs } from '../../guardrails/index.ts'
import { addressOf, orInvalid, resolveSigner, signAll } from '../../signers/index.ts'
import { agreementNeeded } from '../agreement.ts'
import { TransactionInput } from '../input.ts'
import { chainOf, contextFor, signingAgent } from '../prepare.ts'
import { begin } from '../submit.ts'
import { signMessageTool } from '../tools.ts'
import { signingErrors } from './submit-transaction.ts'

const intentTypes = ['personal_sign', 'typed_data', 'eip712_digest', 'transaction'] as const

const typedDataBytesMax = 256 * 1024
const messageCharactersMax = 256 * 1024

const SignInput = TransactionInput.extend({
  intent_type: z
    .enum([...intentTypes, 'digest'], `must be one of ${intentTypes.join(', ')}`)
    .transform((given) => (given === 'digest' ? 'eip712_digest' : given)),
  message: fields
    .optional(fields.text(messageCharactersMax))
    .describe(
      'For personal_sign: hexadecimal digits are bytes, with or without 0x. Any other text is UTF-8. An agent with limits needs raw_signing_enabled for a message of 32 bytes.',
    ),
  typed_data: fields
    .optional(fields.freeObject(typedDataBytesMax))
    .describe('For typed_data: types, primaryType, domain and message (EIP-712).'),
  hash: fields.optional(fields.text(66)).describe('For eip712_digest: 32 bytes. Needs raw_signing_enabled.'),
  sign_only: fields
    .optional(z.boolean('must be true or false'))
    .describe('For transactions that are not on EVM chains: do not send it. Default: false.'),
})

type SignInput = z.output<typeof SignInput>

const SignBody = z
  .object({
    intent_type: z.string(),
    chain: z.string(),
    from: z.string(),
    signature: z.string().optional(),
    signed_tx: z.string().optional(),
    tx_hash: z.string().optional(),
    message_hash: z.string().optional(),
    typed_data_hash: z.string().optional(),
    tx_type: z.int().optional(),
    id: fields.id().optional(),
    status: z.string().optional(),
    approval_id: fields.id().optional(),
    ...submittedFields,
  })
  .meta({ id: 'SignIntentResponse' })

type SignBody = z.infer<typeof SignBody>

export const signIntent = operation({
  name: 'intents.signIntent',
  summary: 'Sign a message, typed data, a digest or a transaction with a key of the agent.',
  http: {
    method: 'POST',
    path: '/v1/agents/{agent_id}/sign',
    status: 200,
    id: 'signIntent',
    tag: 'Signing',
    acceptedIf: { status: 'awaiting_approval' },
  },
  tools: [signMessageTool],
  command: { name: 'message sign', positionals: ['agent_id', 'intent_type', 'message'] },
  effect: 'write',
  access: { permission: 'see', resource: ({ agent_id }) => agentNamed(agent_id) },
  audit: {
    action: 'signing_key.use',
    resource: 'agent',
    about: ({ agent_id, intent_type }) => ({ agent_id, intent_type }),
    settled: 'transaction.sign',
  },
  input: SignInput,
  output: SignBody,
  errors: signingErrors,
  run: (context, input) =>
    input.intent_type === 'transaction' ? signedTransaction(context, input) : signed(context, input),
})

/** A transaction of an EVM chain is only signed. Those of other chains are sent too, unless `sign_only` is set. */
function signedTransaction(context: Context, input: SignInput) {
  const { chain } = chainOf(context, input)
  const purpose = chain.family === 'evm' || input.sign_only ? 'sign_only' : 'submit'
  return begin(context, input, purpose, (one): SignBody => {
    const first = one.signed?.slice(2, 4) ?? ''
    return {
      ...{ intent_type: 'transaction', chain: one.chain, from: one.from },
      ...(one.signed !== null && { signed_tx: one.signed }),
      ...(one.hash !== null && { tx_hash: one.hash }),
      ...(one.approvalId !== null && { approval_id: one.approvalId, id: one.id, status: one.status }),
      ...(chain.family === 'evm' && { tx_type: /^0[1-4]$/.test(first) ? Number(first) : 0 }),
    }
  })
}

/** What is signed, what guardrails decide about, and what the answer says of it. */
interface Message {
  readonly digest: Uint8Array
  readonly signs: Signs
  readonly shown: Partial<SignBody>
}

function signed(context: Context, input: SignInput): SignBody | CommitThenThrow {
  const agent = signingAgent(context, input.agent_id)
  const { chain, family } = chainOf(context, input)
  if (chain.family !== 'evm') throw invalidField('intent_type', 'must be transaction for a chain that is not EVM')
  const { digest, signs, shown } = orInvalid(() => messageOf(input))
  const decision = decide(context, { agent, chain, signs })
  if (isStopped(decision)) return refuse(context, decision)
  const asAgent = contextFor(context, agent, signedIn(context).org)
  const signer = resolveSigner(asAgent, agent, chain, family, input.signing_key_path)
  const isBlind = signs.type !== 'personal_sign' || signs.isHash === true
  const wanted = { agent, chain, signer, intentType: input.intent_type, to: null, effects: null, isBlind }
  const agreement = agreementNeeded(context, wanted, 'message.sign', input)
  if (agreement) return awaitingBody(agreement, input, chain.name, addressOf(family, signer, chain))
  reserve(context, decision)
  forTheTrail(context, loggedForTheTrail(decision))
  const [signature = new Uint8Array(0)] = signAll(asAgent, signer, [digest])
  const from = addressOf(family, signer, chain)
  if (signs.type === 'digest') auditRaw(context, agent.id, chain.name, from)
  const { intent_type } = input
  return { intent_type, chain: chain.name, from, signature: `0x${hex(walletSignature(signature))}`, ...shown }
}

function awaitingBody(agreement: PendingApproval, { intent_type }: SignInput, chain: string, from: string): SignBody {
  const { id } = agreement
  return { intent_type, chain, from, id, status: 'awaiting_approval', approval_id: id, ...submittedBody(agreement) }
}

function messageOf({ intent_type, message, typed_data, hash }: SignInput): Message {
  if (intent_type === 'personal_sign') {
    if (message === undefined) throw invalidField('message', 'is missing')
    const bytes = messageBytes(message)
    const digest = personalDigest(bytes)
    return {
      digest,
      signs: { type: 'personal_sign', isHash: bytes.length === 32 },
      shown: { message_hash: `0x${hex(digest)}` },
    }
  }
  if (intent_type === 'typed_data') {
    const read = readTypedData(typed_data)
    const { digest } = read
    return {
      digest,
      signs: { type: 'typed_data', typedData: judged(read) },
      shown: { typed_data_hash: `0x${hex(digest)}` },
    }
  }
  if (!/^0x[0-9a-fA-F]{64}$/.test(hash ?? '')) throw invalidField('hash', 'must be 0x and 64 hexadecimal digits')
  const digest = messageBytes(hash ?? '')
  return { digest, signs: { type: 'digest' }, shown: { message_hash: `0x${hex(digest)}` } }
}

/** What guardrails read. The types within count like the type itself, because a Permit can be part of another type. */
function judged({ types, primaryType, domain }: TypedData) {
  const { name, chainId, verifyingContract } = domain
  const text = (given: unknown) => (typeof given === 'string' ? given : null)
  const number = typeof chainId === 'number' || typeof chainId === 'string' ? BigInt(chainId) : null
  return {
    domain: { name: text(name), verifyingContract: text(verifyingContract), chainId: number },
    primaryType: typesWithin(types, primaryType).join(', '),
  }
}

/** A digest does not show what is signed, so its event has a name of its own. */
function auditRaw(context: Context, agentId: string, chain: string, from: string): void {
  const resource = { type: 'agent', id: agentId }
  context.unit.audit(auditEvent(context, { action: 'signing_key.raw_digest_sign', resource, details: { chain, from } }))
}
