import type { PolicyEngine, PolicyRequest, PolicyVerdict } from '@pawl/core/ports'
import { check, type Runner, testEach } from './asserts.ts'

/** A policy engine with rules to try it on. */
export interface OpenedPolicyEngine {
  readonly engine: PolicyEngine
  /** A request that its rules allow. `refused` is one that they refuse. */
  readonly allowed: PolicyRequest
  readonly refused: PolicyRequest
  close?(): Promise<void>
}

/**
 * The behaviour of every policy engine. Each case opens a new one.
 *
 * @example
 * testPolicyEngine('my rules', () => ({ engine: myEngine(rules), allowed, refused }), { describe, it })
 */
export function testPolicyEngine(
  name: string,
  open: () => OpenedPolicyEngine | Promise<OpenedPolicyEngine>,
  runner: Runner,
): void {
  testEach(`${name}, a policy engine`, open, cases, runner)
}

const cases: Readonly<Record<string, (opened: OpenedPolicyEngine) => Promise<void>>> = {
  'says yes to what its rules allow, and no with a reason to what they refuse': saysYesAndNo,
  'answers a list in its order, and nothing to nothing': answersInOrder,
  'says the same about many at once as about each, however many there are': answersMany,
  'leaves what it is asked alone': leavesAlone,
  'keeps calls that come at once apart': keepsApart,
}

async function saysYesAndNo({ engine, allowed, refused }: OpenedPolicyEngine): Promise<void> {
  const [yes] = await engine.evaluate([allowed])
  check(yes?.allowed === true, `said ${JSON.stringify(yes)} to what is allowed`)
  const [no] = await engine.evaluate([refused])
  check(no?.allowed === false, `said ${JSON.stringify(no)} to what is refused`)
  check(typeof no.reason === 'string' && no.reason !== '', 'gave no reason')
}

async function answersInOrder({ engine, allowed, refused }: OpenedPolicyEngine): Promise<void> {
  same(await engine.evaluate([allowed, refused, refused, allowed]), [true, false, false, true])
  same(await engine.evaluate([refused, allowed]), [false, true])
  same(await engine.evaluate([]), [])
}

async function answersMany({ engine, allowed, refused }: OpenedPolicyEngine): Promise<void> {
  const isAllowed = Array.from({ length: 1_000 }, (_, at) => at % 3 === 0)
  same(await engine.evaluate(isAllowed.map((yes) => (yes ? allowed : refused))), isAllowed)
}

async function leavesAlone({ engine, allowed, refused }: OpenedPolicyEngine): Promise<void> {
  const asked = [allowed, refused].map((one) =>
    Object.freeze({ ...one, principal: Object.freeze({ ...one.principal }) }),
  )
  const before = JSON.stringify(asked)
  same(await engine.evaluate(Object.freeze(asked)), [true, false])
  check(JSON.stringify(asked) === before, 'changed what it was asked')
}

async function keepsApart({ engine, allowed, refused }: OpenedPolicyEngine): Promise<void> {
  const answers = await Promise.all([
    engine.evaluate([allowed]),
    engine.evaluate([refused]),
    engine.evaluate([allowed]),
  ])
  same(answers.flat(), [true, false, true])
}

function same(verdicts: readonly PolicyVerdict[], expected: readonly boolean[]): void {
  check(Array.isArray(verdicts), 'answered with something else than a list')
  const said = verdicts.map(({ allowed }) => allowed)
  check(said.join() === expected.join(), `said ${said.slice(0, 10)}, not ${expected.slice(0, 10)}`)
}
