import { unavailable } from '../../kernel/errors.ts'
import { formatAddress } from '../../kernel/ip.ts'
import { second } from '../../kernel/time.ts'
import {
  type AgentCaller,
  type Context,
  denied,
  forTheTrail,
  inTime,
  type Log,
  principalOf,
  type UserCaller,
} from '../../operations/index.ts'
import type { PolicyEngine, PolicyRequest, PolicyVerdict } from '../../ports/policy-engine.ts'

// What the policy engine that was plugged in says, after our own decision was yes.

/** Who asks, when and from where. */
export type Asking = Pick<Context, 'policyEngine' | 'log' | 'unit' | 'caller' | 'now' | 'origin'>

export interface Opinion {
  readonly allowed: boolean
  /** In words for the one who asked. */
  readonly because: string
  /** In its own words, for the audit trail. */
  readonly reason: string
}

const answerMsMax = 5 * second
const reasonCharactersMax = 1_000

const agreed: Opinion = { allowed: true, because: '', reason: '' }
const no = 'The policy engine denies this request.'

export type Question = Pick<PolicyRequest, 'vaultId' | 'permission' | 'path'>

/** One opinion per question, in their order. Without a policy engine, all agree. No answer is an error, and no yes. */
export function secondOpinions(
  { unit, policyEngine, log, now, origin }: Asking,
  caller: UserCaller | AgentCaller,
  questions: readonly Question[],
): readonly Opinion[] {
  if (policyEngine === null || questions.length === 0) return questions.map(() => agreed)
  const about = {
    principal: principalOf(caller),
    role: caller.kind === 'user' ? caller.role : null,
    environment: caller.kind === 'agent' ? caller.environment : null,
    ip: origin.ip ? formatAddress(origin.ip) : null,
    authMethod: caller.authMethod,
    now,
  }
  const requests = questions.map((question) => ({ ...about, ...question }))
  return unit.waitFor(() => opinionsOf(policyEngine, log, requests))
}

async function opinionsOf(
  policyEngine: PolicyEngine,
  log: Log,
  requests: readonly PolicyRequest[],
): Promise<readonly Opinion[]> {
  try {
    const verdicts = await listOf(policyEngine.evaluate(requests))
    if (verdicts.length !== requests.length) throw new TypeError('a policy engine must return one verdict per request')
    return verdicts.map(opinionOf)
  } catch (error) {
    log('error', 'the policy engine did not answer, so access is denied', { error })
    throw unavailable({ part: 'policy engine' })
  }
}

/** Throws when the policy engine does not agree. */
export function checkSecondOpinion(asking: Asking, caller: UserCaller | AgentCaller, question: Question): void {
  if (asking.policyEngine === null) return
  const [opinion] = secondOpinions(asking, caller, [question])
  if (opinion?.allowed) return
  throw forTheTrail(denied({ reason: opinion?.because ?? no }), {
    policy_engine: (opinion?.reason ?? '').slice(0, reasonCharactersMax),
  })
}

function opinionOf(verdict: PolicyVerdict): Opinion {
  if (verdict.allowed === true) return agreed
  if (verdict.allowed !== false || typeof verdict.reason !== 'string')
    throw new TypeError('the policy engine returned an invalid verdict')
  const { reason, isPublic } = verdict
  return { allowed: false, because: isPublic === true ? `${no} ${reason}` : no, reason }
}

async function listOf(answer: ReturnType<PolicyEngine['evaluate']>): Promise<readonly PolicyVerdict[]> {
  const verdicts = isList(answer) ? answer : await inTime(answer, answerMsMax)
  if (isList(verdicts)) return verdicts
  throw new TypeError('a policy engine must return a list')
}

function isList(answer: unknown): answer is readonly PolicyVerdict[] {
  return Array.isArray(answer)
}
