import type { KeyType } from '@pawl/core/ports'
import { check, patient, type Runner, rejects } from './asserts.ts'
import { digestSigning, durable, portable, rotatingRoot, sealable } from './hsm/abilities.ts'
import { creating, destroying } from './hsm/keys.ts'
import { signing, signingTypes } from './hsm/signing.ts'
import type { Case, OpenedHsm, OpenHsm } from './hsm/words.ts'
import { wrapping } from './hsm/wrapping.ts'

export type { AnyHsm, OpenedHsm, OpenHsm } from './hsm/words.ts'

export type HsmAbility =
  | 'durable'
  | 'digestSigning'
  | 'sealable'
  | 'rotatingRoot'
  | 'portable'
  | Exclude<KeyType, 'aes-256'>

export interface HsmSuiteOptions {
  /** The abilities that the HSM lacks, with the reason. The suite tests all others, and that these are really missing. */
  readonly lacks?: Partial<Record<HsmAbility, string>>
}

/**
 * Tests whether an HSM keeps the promises of the HSM port.
 *
 * @example
 * testHsm('my token', () => ({ hsm: myToken() }), { describe, it }, { lacks: { secp256k1: 'it has NIST curves only' } })
 */
export function testHsm(name: string, open: OpenHsm, given: Runner, options: HsmSuiteOptions = {}): void {
  const runner = patient(given)
  const test = ([title, body]: Case) => runner.it(title, () => withOpen(open, body))
  runner.describe(`${name} as HSM`, () => {
    for (const part of [creating, destroying, wrapping]) part.forEach(test)
    for (const type of signingTypes) signatures(type, options.lacks?.[type]).forEach(test)
    for (const [ability, cases] of abilities) withAbility(ability, cases, options.lacks?.[ability]).forEach(test)
  })
}

async function withOpen(open: OpenHsm, body: Case[1]): Promise<void> {
  const opened = await open()
  try {
    await body(opened.hsm, opened)
    await opened.hsm.close()
  } finally {
    await opened.destroy?.()
  }
}

const abilities = [
  ['durable', durable],
  ['digestSigning', digestSigning],
  ['sealable', sealable],
  ['rotatingRoot', rotatingRoot],
  ['portable', portable],
] as const

/** A declared gap has its own title and its own check, so that no gap is skipped silently. */
function withAbility(ability: (typeof abilities)[number][0], cases: readonly Case[], reason?: string): readonly Case[] {
  const has: Case[1] = async (_, opened) =>
    check(can(opened, ability), `it cannot. If that is meant, declare it: { lacks: { ${ability}: 'the reason' } }`)
  const lacks: Case[1] = async (_, opened) =>
    check(!can(opened, ability), `it can, so take ${ability} out of what it lacks`)
  if (reason !== undefined) return [[`lacks the ability ${ability}: ${reason}`, lacks]]
  return [[`has the ability ${ability}`, has], ...cases]
}

function can({ hsm, again, secrets, elsewhere }: OpenedHsm, ability: (typeof abilities)[number][0]): boolean {
  if (ability === 'durable') return again !== undefined
  if (ability === 'digestSigning') return hsm.signDigest !== undefined
  if (ability === 'sealable') return Boolean(hsm.seal && hsm.unseal && secrets)
  if (ability === 'portable') return Boolean(hsm.image && elsewhere && secrets)
  return Boolean(hsm.rotateRoot && secrets)
}

function signatures(type: (typeof signingTypes)[number], reason?: string): readonly Case[] {
  if (reason === undefined) return signing(type)
  const lacks: Case[1] = async (hsm) => {
    await rejects(() => hsm.createKey('pawl:key', type), `it makes ${type} keys, so take them out of what it lacks`)
  }
  return [[`has no ${type} keys: ${reason}`, lacks]]
}
