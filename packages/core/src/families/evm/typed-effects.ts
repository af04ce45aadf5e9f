import { type Approval, type Effects, effectsOf, type Transfer } from '../effects.ts'
import { wholeNumberOf } from '../fields.ts'
import { canonicalAddress } from './address.ts'
import { type TypedData, typesWithin } from './typed-data.ts'

/** Typed data with which another account can move what belongs to the signer. */
const movesMoney =
  /^(?:Permit|TokenPermissions$|(?:Transfer|Receive|Cancel)WithAuthorization$|SafeTx$|(?:Packed)?UserOperation$)/

/** Whether the typed data is a Permit, or is like one: a signature that moves money without a transaction. */
export function isLikePermit({ types, primaryType }: TypedData): boolean {
  return typesWithin(types, primaryType).some((name) => movesMoney.test(name))
}

/** What others can do with the signature, for the well-known types. */
export function effectsOfTypedData({ primaryType, domain, message }: TypedData): Effects {
  const contract = addressIn(domain.verifyingContract)
  const { approvals = [], transfers = [] } = readers[primaryType]?.(message, contract) ?? {}
  return effectsOf({ native: 0n, overhead: 0n, approvals, transfers })
}

interface Given {
  readonly approvals?: readonly Approval[]
  readonly transfers?: readonly Transfer[]
}

type Message = Readonly<Record<string, unknown>>
type Reader = (message: Message, contract: string | null) => Given

const permitTransfers: Reader = ({ permitted, spender }) => ({
  approvals: [permitted].flat().flatMap((one) => approval(one, spender)),
})

const authorization: Reader = ({ to, value }, contract) => {
  const recipient = addressIn(to)
  return recipient === null ? {} : { transfers: [{ to: recipient, token: contract, amount: wholeNumberOf(value) }] }
}

const readers: Readonly<Record<string, Reader>> = {
  // DAI has `allowed` in the place of `value`.
  Permit: ({ spender, value, allowed }, token) => ({
    approvals: approval({ token, amount: allowed === false ? 0n : value }, spender),
  }),
  PermitSingle: ({ details, spender }) => ({ approvals: approval(details, spender) }),
  PermitBatch: ({ details, spender }) => ({ approvals: [details].flat().flatMap((one) => approval(one, spender)) }),
  PermitTransferFrom: permitTransfers,
  PermitBatchTransferFrom: permitTransfers,
  PermitWitnessTransferFrom: permitTransfers,
  PermitBatchWitnessTransferFrom: permitTransfers,
  TransferWithAuthorization: authorization,
  ReceiveWithAuthorization: authorization,
}

const unlimitedFrom = 2n ** 96n - 1n

function approval(details: unknown, spender: unknown): readonly Approval[] {
  const { token, amount } = (details ?? {}) as Message
  const [contract, receiver, number] = [addressIn(token), addressIn(spender), wholeNumberOf(amount)]
  if (contract === null || receiver === null) return []
  return [{ token: contract, spender: receiver, amount: number === null || number >= unlimitedFrom ? null : number }]
}

function addressIn(given: unknown): string | null {
  return typeof given === 'string' && /^0x[0-9a-fA-F]{40}$/.test(given)
    ? canonicalAddress(given.toLowerCase(), '')
    : null
}
