import type { Crypto } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'

/**
 * The parts of worlds that do not say otherwise. On Node, `nodeCrypto()` makes tests a quarter faster: set it once, in a setup
 * file of the test runner.
 *
 * @example
 * worldDefaults.crypto = nodeCrypto()
 */
export const worldDefaults: { crypto: Crypto } = { crypto: nobleCrypto }
