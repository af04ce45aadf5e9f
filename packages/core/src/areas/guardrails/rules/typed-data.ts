import type { Json } from '../../../kernel/json.ts'
import { allowed, type Facts, type Rule, refused, sameAddress, type TypedData } from '../rule.ts'

/** Typed data whose signature moves money or gives others a right: it needs a listed domain also under `allow`. */
const givesRights =
  /permit|authoriz|approv|allowance|transact|transfer|withdraw|forward|relay|execut|payment|swap|bid|safetx|operation|order|delegat|batch|intent|claim|redeem/i

/** Types that wrap the hash or the message of a smart account, or of an exchange. A signature over them can approve anything. */
const wrapsHash = /message$|typeddatasign|personalsign|^kernel$|^agent$/i

/** EIP-712 data is signed for listed contracts, and for others only if the agent has the policy `allow`. */
export const typedData: Rule = {
  name: 'eip712_domain_allowlist',
  isSwitch: true,
  judge: ({ signs, settings }) => {
    if (signs.type !== 'typed_data') return null
    const { domain, primaryType } = signs.typedData
    const attempted = domain.verifyingContract ?? domain.name ?? null
    const isListed = (settings.eip712_domain_allowlist ?? []).some((entry) => isDomain(entry, domain))
    if (isListed) return allowed('The domain is on the allowlist.', { attempted })
    if (givesRights.test(primaryType) || wrapsHash.test(primaryType)) {
      return refused('not_listed', `The type ${primaryType} can move money, and its domain is not listed.`, {
        attempted,
      })
    }
    return settings.eip712_default_policy === 'allow'
      ? allowed('The agent may sign for every domain.', { attempted })
      : refused('not_listed', 'The domain is not in eip712_domain_allowlist.', { attempted })
  },
}

/** An entry names a contract, as text or as `verifying_contract`. Its other members must fit too. */
function isDomain(
  entry: NonNullable<Facts['settings']['eip712_domain_allowlist']>[number],
  domain: TypedData['domain'],
) {
  const wanted: Readonly<Record<string, Json>> = typeof entry === 'string' ? { verifying_contract: entry } : entry
  const { verifying_contract, verifyingContract = verifying_contract, chain_id, chainId = chain_id, name } = wanted
  if (typeof verifyingContract !== 'string' || !domain.verifyingContract) return false
  return (
    sameAddress(verifyingContract, domain.verifyingContract) &&
    (chainId == null || String(chainId) === String(domain.chainId ?? '')) &&
    (name == null || name === domain.name)
  )
}
