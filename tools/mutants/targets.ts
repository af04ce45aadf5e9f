const areas = 'packages/core/src/areas'
const quotas = 'orgs/agent-quotas.test.ts'
const kernel = 'packages/core/src/kernel'

export interface Target {
  /** Files and folders whose code is changed. */
  readonly sources: readonly string[]
  /** Files and folders of the tests that must notice. They run in one process, so they start no program and no server. */
  readonly tests: readonly string[]
  /** How many random cases the tests try, relative to `npm test`. */
  readonly times: number
}

/** The code whose fault is a breach, with its tests in memory. */
export const targets: Readonly<Record<string, Target>> = {
  kernel: {
    sources: [`${kernel}/globs.ts`, `${kernel}/scrubber.ts`, `${areas}/secrets/path.ts`],
    tests: [
      `${kernel}/globs.test.ts`,
      `${kernel}/scrubber.test.ts`,
      `${areas}/secrets/path.test.ts`,
      `${areas}/policies/path-tree.test.ts`,
    ],
    times: 0.1,
  },
  policies: {
    ...ofArea('policies', ['secrets', 'agents', 'platform', 'auth/api-keys.test.ts', quotas]),
    // Every one of its random tests would be among the longest.
    times: 0.1,
  },
  bindings: ofArea('bindings'),
  vaults: ofArea('vaults', [
    'secrets',
    'platform',
    quotas,
    'sharing/sharing.test.ts',
    '../engine/rotate-keys.test.ts',
    '../maintenance/move-keys.test.ts',
    '../backup/copy-vault.test.ts',
  ]),
  sharing: ofArea('sharing', [quotas, 'factors/passkeys.test.ts', 'security/security.test.ts', 'auth/status.test.ts']),
  audit: ofArea('audit', ['../engine/rotate-keys.test.ts', '../engine/area-seams.test.ts']),
}

/** The code of an area, with its tests and those of others that rely on it. */
function ofArea(name: string, others: readonly string[] = []): Target {
  return { sources: [`${areas}/${name}`], tests: [name, ...others].map((one) => `${areas}/${one}`), times: 1 }
}
