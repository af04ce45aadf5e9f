import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { softwareHsm } from '@pawl/adapters/hsm/software'
import { sqlite } from '@pawl/adapters/storage/sqlite'
import { backUp } from '@pawl/core/backup'
import { joinRootShares, parseRootShare, type RootShare } from '@pawl/core/ceremony'
import { expect, it } from 'vitest'
import { readConfig, restoreVault, splitRoot, writeNewFile } from '../../src/host/index.ts'
import { filledVault, newFolder, pawl } from './program.ts'

it('a vault whose root key is in shares is restored by its custodians, and by nobody else', async () => {
  const folder = newFolder()
  const env = { PAWL_DATA_DIR: join(folder, 'data') }
  await filledVault(env, 5)
  const texts: string[] = []
  const none = async (): Promise<never> => {
    throw new Error('nobody is asked this')
  }
  await splitRoot(
    readConfig(env),
    { shares: 3, threshold: 2 },
    {
      askShare: none,
      refused: () => {},
      handOut: async (_, __, text) => void texts.push(text),
      askBack: async () => null,
      askPassphrase: none,
    },
  )
  const file = join(folder, 'a.backup')
  const third = readConfig({ PAWL_DATA_DIR: join(folder, 'third') })
  const restoreWith = (given: readonly string[]) => {
    const rest = [...given]
    const problems: string[] = []
    const ask = async (_: number, __: number | null, problem: string | null) => {
      if (problem) problems.push(problem)
      return rest.shift() ?? none()
    }
    const done = restoreVault(third, createReadStream(file), () => {}, ask)
    return done.then((checked) => ({ checked, problems }))
  }
  // A sealed vault cannot be backed up by a command that nobody gave a share; its server can, when it is open.
  expect((await pawl(['backup', file], env)).errors).toContain('sealed')
  expect(existsSync(file)).toBe(false)
  await backUpUnsealed(join(folder, 'data'), texts, file)

  const [first = '', second = ''] = texts
  await expect(restoreWith([first])).rejects.toThrow('nobody is asked this')
  expect(existsSync(join(folder, 'third'))).toBe(false)
  const { checked, problems } = await restoreWith([first, 'pawl-share-1-xxxx', first, second])
  expect(checked).toMatchObject({ values: 5, findings: [] })
  expect(problems).toEqual(['This is not a root share, or it has a typing error.', 'This share was already entered.'])
})

/** As a server does it that was unsealed. */
async function backUpUnsealed(data: string, texts: readonly string[], file: string): Promise<void> {
  const crypto = nodeCrypto()
  const shares = texts.slice(0, 2).map((text) => parseRootShare(text, crypto) as RootShare)
  const hsm = softwareHsm({ path: join(data, 'keys'), root: { shares: joinRootShares(shares) }, crypto })
  const storage = sqlite({ path: join(data, 'vault.db') })
  await storage.setup()
  await writeNewFile(file, backUp({ storage, hsm, crypto }).bytes)
  await Promise.all([storage.close(), hsm.close()])
}
