import { memoryHsm } from '@pawl/core/ports/reference'
import { describe, it } from 'vitest'
import { testHsm } from './hsm.ts'

testHsm(
  'the reference HSM',
  () => ({ hsm: memoryHsm() }),
  { describe, it },
  {
    lacks: {
      durable: 'it is kept in memory',
      sealable: 'nothing seals it',
      rotatingRoot: 'nothing seals it',
      portable: 'nothing seals it',
    },
  },
)
