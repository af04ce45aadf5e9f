import { createPawl, type Pawl, type PawlOptions } from '@pawl/core'
import { manualClock, memoryHsm, memoryMailer, memoryStorage, seededRandom } from '@pawl/core/ports/reference'

export interface World extends AsyncDisposable {
  readonly pawl: Pawl
  readonly clock: ReturnType<typeof manualClock>
  readonly mail: ReturnType<typeof memoryMailer>
  /** The first organisation and the user who owns it. */
  readonly org: string
  readonly owner: ReturnType<Pawl['as']>
  readonly ownerId: string
  close(): Promise<void>
}

export interface WorldOptions extends Partial<PawlOptions> {
  /** The same seed gives the same ids and keys. */
  readonly seed?: string
}

/** What a hash of a password costs in a test: as good as nothing. */
export const cheapPasswords = { memoryKib: 8, passes: 1, lanes: 1 }

/**
 * A whole vault in memory, with a clock that stands still until it is turned, and an owner.
 *
 * @example
 * await using world = await testPawl()
 * const vault = await world.owner.vaults.create({ name: 'prod' })
 */
export async function testPawl(options: WorldOptions = {}): Promise<World> {
  const { seed = 'pawl', ...given } = options
  const clock = manualClock('2026-01-01T00:00:00Z')
  const mail = memoryMailer()
  const random = seededRandom(seed)
  const pawl = await createPawl({
    storage: memoryStorage(),
    hsm: memoryHsm({ random }),
    random,
    clock,
    mailer: mail,
    background: false,
    rateLimits: false,
    passwordCost: cheapPasswords,
    ...given,
  })
  const { user, org } = await pawl.firstOwner({ email: 'owner@example.com' })
  return {
    pawl,
    clock,
    mail,
    org,
    ownerId: user,
    owner: pawl.as({ user }),
    close: () => pawl.close(),
    [Symbol.asyncDispose]: () => pawl.close(),
  }
}
