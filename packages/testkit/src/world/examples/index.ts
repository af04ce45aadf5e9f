import type { registry } from '@pawl/core'
import type { ExamplesOf } from './example.ts'
import { policyExamples } from './policies.ts'
import { secretExamples } from './secrets.ts'
import { vaultExamples } from './vaults.ts'

export type { Example, ExamplesOf } from './example.ts'

/** Every operation by example. */
export const examples: { readonly [Area in keyof typeof registry]: ExamplesOf<Area> } = {
  vaults: vaultExamples,
  secrets: secretExamples,
  policies: policyExamples,
}
