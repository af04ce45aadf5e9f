import { type Context, type Principal, principalOf, signedIn, type UnitContext } from '../../operations/index.ts'
import { agentKind } from '../agents/index.ts'
import { apiKeyKind, isLiveKey } from '../credentials/index.ts'
import { userKind } from '../orgs/index.ts'
import type { PendingApproval, SubmittersCredential } from './records.ts'

// The engine makes a change later only if the credential of its submitter is still valid then.

/** Null: the engine cannot check later whether the credential has ended. */
export function credentialOf(context: Context): SubmittersCredential | null {
  const caller = signedIn(context)
  const epoch = epochOf(context, principalOf(caller))
  return epoch === null ? null : { epoch, keyId: caller.session?.keyId ?? null }
}

/** Whether the credential that submitted this is still valid. The commit fails if it ends in the meantime. */
export function isCredentialLive(
  context: Pick<UnitContext, 'unit' | 'now'>,
  { submittedBy, submittersCredential }: PendingApproval,
): boolean {
  const { unit, now } = context
  if (!submittersCredential || epochOf(context, submittedBy) !== submittersCredential.epoch) return false
  if (submittersCredential.keyId === null) return true
  const key = unit.get(apiKeyKind, submittersCredential.keyId)
  if (!key || !isLiveKey(key, now)) return false
  unit.check(apiKeyKind, key)
  return true
}

function epochOf({ unit }: Pick<UnitContext, 'unit'>, { kind, id }: Principal): number | null {
  if (kind === 'agent') {
    const agent = unit.get(agentKind, id)
    if (agent) unit.check(agentKind, agent)
    return agent?.epoch ?? null
  }
  const user = unit.get(userKind, id)
  if (user) unit.check(userKind, user)
  return user?.epoch ?? null
}
