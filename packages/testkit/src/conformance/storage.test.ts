import { memoryStorage } from '@pawl/core/ports/reference'
import { describe, it } from 'vitest'
import { testStorage } from './storage.ts'

testStorage(
  'the reference',
  () => ({ storage: memoryStorage() }),
  { describe, it },
  { lacks: { durable: 'it is kept in memory' } },
)
