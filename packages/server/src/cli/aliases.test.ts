import { describe, expect, test } from 'vitest'
import { withOurWords } from './aliases.ts'
import { readArguments } from './arguments.ts'
import { entriesOf } from './entries.ts'
import { ownCommands } from './manifest.ts'
import { clientCommands, operatorCommands } from './table.ts'

const entries = { ...entriesOf(ownCommands()), ...clientCommands, ...operatorCommands }
const known = Object.keys(entries)
const meant = (line: string) => withOurWords(line.split(' '), known).join(' ')

describe('the words people type (N4)', () => {
  test.each([
    // vault
    ['kv get db/password', 'secret get db/password'],
    ['kv put db/password', 'secret set db/password'],
    ['kv list', 'secret list'],
    ['kv metadata db/password', 'secret describe db/password'],
    ['kv metadata get db/password', 'secret describe db/password'],
    ['operator seal', 'seal'],
    ['operator unseal', 'unseal'],
    ['operator init', 'hsm init'],
    ['token lookup', 'whoami'],
    ['read db/password', 'secret get db/password'],
    ['write db/password', 'secret set db/password'],
    ['delete db/password', 'secret delete db/password'],
    ['token create ci', 'api-key create ci'],
    ['policies list', 'policy list'],
    ['server', 'serve'],
    ['status', 'health'],
    // op
    ['item get db/password', 'secret get db/password'],
    ['item list', 'secret list'],
    ['item share db/password', 'share create db/password'],
    ['document get db/password', 'secret get db/password'],
    ['service-account create ci', 'agent create ci'],
    ['signin', 'login'],
    ['run -- npm start', 'env run -- npm start'],
    ['vault ls', 'vault list'],
    ['user list', 'org members'],
    // doppler
    ['secrets get db/password', 'secret get db/password'],
    ['secrets download', 'env pull'],
    ['setup', 'vault link'],
    ['activity', 'audit list'],
    ['me', 'whoami'],
    // gh
    ['auth login', 'login'],
    ['auth status', 'whoami'],
    ['secret ls', 'secret list'],
    ['secret remove db/password', 'secret delete db/password'],
    // aws and others
    ['secretsmanager list-secrets', 'secret list'],
    ['secretsmanager get-secret-value', 'secret get'],
    ['ssm get-parameter', 'secret get'],
    ['sts get-caller-identity', 'whoami'],
    ['vault use prod', 'vault link prod'],
    ['vault switch prod', 'vault link prod'],
    ['apikey list', 'api-key list'],
    ['ls', 'secret list'],
    ['rm db/password', 'secret delete db/password'],
    ['list vaults', 'vault list'],
    ['create agent bot', 'agent create bot'],
    ['agents revoke bot', 'agent delete bot'],
    ['api-keys rm deploy', 'api-key revoke deploy'],
    ['shares show 1', 'share get 1'],
    ['agents', 'agent'],
  ])('pawl %s is pawl %s', (typed, ours) => {
    expect(meant(typed)).toBe(ours)
  })

  test('every command of Pawl is what it says, whatever else its words may mean', () => {
    expect(known.filter((words) => meant(words) !== words || meant(`${words} x`) !== `${words} x`)).toEqual([])
  })

  test('a word that stands for nothing stays, also one that every object has', () => {
    for (const line of ['frobnicate', 'secret frobnicate', 'constructor', 'secret constructor', 'toString ls', ''])
      expect(meant(line)).toBe(line)
  })

  test('what a server adds has the same words', () => {
    expect(withOurWords(['notes', 'ls'], ['note list'])).toEqual(['note', 'list'])
  })
})

describe('help (N4)', () => {
  const shape = { isWhole: false, width: 80 }
  const lines = (text: readonly string[]) => text.filter((line) => /^ {2}-/.test(line)).length

  test.each(known)('of pawl %s has an example that is right, and at most six flags', async (words) => {
    const { example, flags, runsProgram, usage, help } = (await entries[words]?.load()) ?? expect.fail()
    const typed: readonly string[] = example.match(/'[^']*'|\S+/g) ?? []
    const input = typed.indexOf('<')
    const { positionals } = readArguments(words, input < 0 ? typed : typed.slice(0, input), flags, { runsProgram })
    const needed = usage.match(/<[^>]+>(?=…| |$)/g) ?? []
    if (!usage.includes('--')) expect(positionals.length).toBeGreaterThanOrEqual(needed.length)
    expect(lines(help(shape))).toBeLessThanOrEqual(6)
    expect(lines(help({ ...shape, isWhole: true }))).toBeGreaterThanOrEqual(lines(help(shape)))
  })

  test.each([60, 80])('of every command fits into %i columns', async (width) => {
    for (const words of known) {
      const { help } = (await entries[words]?.load()) ?? expect.fail()
      // Lines with columns of their own, such as those of pawl completion, stay as they are.
      const wide = help({ isWhole: true, width }).filter((line) => line.length > width && !/\S {2,}\S/.test(line))
      expect([words, wide]).toEqual([words, []])
    }
  })
})
