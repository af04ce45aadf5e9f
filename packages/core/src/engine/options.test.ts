import { describe, expect, it } from 'vitest'
import { memoryHsm, memoryStorage } from '../ports/reference/index.ts'
import { createPawl } from './create.ts'

/** As a program in JavaScript calls it, which no compiler checks. */
const open = (options?: unknown): Promise<unknown> => createPawl(options as Parameters<typeof createPawl>[0])
const passwordCostRule =
  'must have memoryKib, passes and lanes: whole numbers, at least 1 pass, 1 lane and 8 KiB for each lane'
const parts = () => ({ storage: memoryStorage(), hsm: memoryHsm(), background: false })

describe('createPawl tells a program without a compiler which option is wrong, and what to do', () => {
  it.each([
    ['no options at all', undefined, /^createPawl: the option storage is missing\. Pass a storage, such as sqlite\(/],
    ['no storage', { hsm: memoryHsm() }, /the option storage is missing/],
    [
      'no key store',
      { storage: memoryStorage() },
      /^createPawl: the option hsm is missing\. Pass a key store, such as/,
    ],
    [
      'a storage that is a path',
      { storage: 'data/vault.db', hsm: memoryHsm() },
      /the option storage must have setup\(\)/,
    ],
  ])('%s', async (_, options, message) => {
    await expect(open(options)).rejects.toThrow(message)
  })

  it.each([
    ['policyengine', { evaluate: () => [] }, 'createPawl: there is no option policyengine. Did you mean policyEngine?'],
    ['ratelimits', false, 'createPawl: there is no option ratelimits. Did you mean rateLimits?'],
    ['anythingElse', 1, 'createPawl: there is no option anythingElse.'],
  ])('refuses the unknown option %s, which would protect nothing', async (name, value, message) => {
    await expect(open({ ...parts(), [name]: value })).rejects.toThrow(message)
  })

  it.each([
    ['mailer', {}, 'must have send()'],
    ['auditSink', { send: () => {} }, 'must have deliver()'],
    ['policyEngine', () => [], 'must have evaluate()'],
    ['chains', {}, 'must be a function'],
    ['areas', {}, 'must be an array'],
    ['areas', [{}], 'must contain areas, as area() makes them'],
    ['areas', null, 'must be an array'],
    ['rateLimits', 'off', 'must be true or false'],
    ['signUp', 'yes', 'must be closed, open or an array of domains'],
    ['auditSync', 'never', 'must be disk or os'],
    ['checkOutputs', true, 'must be always or sampled'],
    ['cacheBytes', '64mb', 'must be a number, 0 or more'],
    ['keepDeletedMs', Number.NaN, 'must be a number, 0 or more'],
    ['agentVaultsMax', -1, 'must be a number, 0 or more'],
    ['publicUrl', 'vault.example.com', 'must be a URL that begins with https:// or http://'],
    ['publicUrl', 'http://a b', 'must be a URL that begins with https:// or http://'],
    ['depositConfirmations', 1.5, 'must be a whole number, 0 or more'],
    ['passwordCost', { memoryKib: 1 }, passwordCostRule],
    ['passwordCost', { memoryKib: 0, passes: 0, lanes: 0 }, passwordCostRule],
    ['passwordCost', { memoryKib: 8, passes: 1, lanes: 2 }, passwordCostRule],
    ['shroud', [], 'must be an object'],
    ['keyStores', null, 'must be an object'],
    ['usdPrices', { ETH: 3000 }, 'must have decimal numbers in strings, such as "0.5". The price of ETH has none'],
  ])('refuses %s: %j', async (name, value, rule) => {
    await expect(open({ ...parts(), [name]: value })).rejects.toThrow(`createPawl: the option ${name} ${rule}.`)
  })

  it.each([
    ['shroud', { detector: [] }, 'there is no option shroud.detector. Did you mean shroud.detectors?'],
    ['shroud', { detectors: 'no' }, 'the option shroud.detectors must be an array.'],
    ['shroud', { detectors: [{ name: 'a' }] }, 'the option shroud.detectors must have detect() in each entry.'],
    ['shroud', { detectors: [null] }, 'the option shroud.detectors must have detect() in each entry.'],
    [
      'shroud',
      { classifiers: [{ classify: () => [] }] },
      'the option shroud.classifiers must have classifier.classify() in each entry.',
    ],
    ['shroud', { models: [{}] }, 'the option shroud.models must have models() in each entry.'],
    ['moneyServices', { swap: {} }, 'there is no option moneyServices.swap. Did you mean moneyServices.swaps?'],
    ['moneyServices', { swaps: {} }, 'the option moneyServices.swaps must have quote().'],
    ['keyStores', { acme: {} }, 'the option keyStores.acme must have createKey().'],
    ['keyStores', { acme: null }, 'the option keyStores.acme must have createKey().'],
    ['keyStores', { acme: { hsm: {} } }, 'the option keyStores.acme must have createKey().'],
    [
      'keyStores',
      { acme: { hsm: memoryHsm(), orgs: 'one' } },
      'the option keyStores.acme must have an array of IDs in orgs.',
    ],
  ])('looks into %s: %j', async (name, value, message) => {
    await expect(open({ ...parts(), [name]: value })).rejects.toThrow(`createPawl: ${message}`)
  })

  it('closes the key stores that are whole when another one is not', async () => {
    const closed: string[] = []
    const whole = { ...memoryHsm(), close: async () => void closed.push('whole') }
    await expect(open({ ...parts(), keyStores: { broken: null, whole } })).rejects.toThrow('keyStores.broken')
    expect(closed).toEqual(['whole'])
  })

  it('closes what it was given, and allows another attempt', async () => {
    const { storage, hsm } = parts()
    const closed: string[] = []
    const watched = { ...storage, close: async () => void closed.push('storage') }
    await expect(open({ storage: watched, hsm, mailler: {} })).rejects.toThrow('Did you mean mailer?')
    expect(closed).toEqual(['storage'])
  })

  it('takes undefined for an option that is not set', async () => {
    const pawl = await createPawl({ ...parts(), ...({ mailer: undefined, unset: undefined } as object) })
    await pawl.close()
  })
})

describe('an owner without an e-mail address', () => {
  it.each([undefined, null, {}, { email: 7 }, { email: 'ada' }])(
    '%j is refused, and the error names the field',
    async (wanted) => {
      const pawl = await createPawl(parts())
      for (const make of [pawl.firstOwner, pawl.addOrg]) {
        await expect(make(wanted as never)).rejects.toMatchObject({
          code: 'invalid_input',
          data: { fields: { email: 'must be an e-mail address' } },
        })
      }
      await pawl.close()
    },
  )
})

describe('a caller that is no caller', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a user without an ID', { user: undefined }],
    ['an agent object in place of its ID', { agent: { id: 'a' } }],
  ])('%s is refused at once, with the forms that as() takes', async (_, who) => {
    const pawl = await createPawl(parts())
    expect(() => pawl.as(who as never)).toThrow(/^as\(\) takes a credential, \{ user: id \} or \{ agent: id \}/)
    await pawl.close()
  })
})
