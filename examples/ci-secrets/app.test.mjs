import assert from 'node:assert'
import { env } from 'node:process'
import { test } from 'node:test'

// What the tests of a repository do with a secret: they find it in their environment.
test('the database lets us in', () => {
  assert.match(env.DB_PASSWORD ?? '', /^hunter2/)
  assert.equal(env.PAYMENTS_KEY, undefined)
})
