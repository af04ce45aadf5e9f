import { PawlError } from '@pawl/core'
import { expect, it } from 'vitest'
import { problemReply } from './problem.ts'

it('a signature over a limit is refused with 403, and programs can read which limit it was', () => {
  const violation = {
    rule: 'tx_daily_limit',
    reason_code: 'limit_exceeded',
    limit: '1.5',
    current: '1',
    attempted: '2',
  }
  const { status, body } = problemReply(new PawlError('denied', 'guardrail_violated', 'Too much.', { violation }))
  const { type, detail, violation: shown } = JSON.parse(String(body))
  expect([status, type, detail, shown]).toEqual([403, 'guardrail_violated', 'Too much.', violation])
})
