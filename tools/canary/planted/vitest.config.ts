import base from '../../../vitest.config.ts'

/** The tests that leak, under the same watch as all others. */
export default { ...base, test: { ...base.test, include: ['tools/canary/planted/leaks.ts'] } }
