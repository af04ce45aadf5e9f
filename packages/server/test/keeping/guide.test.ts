import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { pathWithPawl } from '../../../../tools/real-parts/pawl.ts'
import { hasPostgres, startPostgres } from '../../../../tools/real-parts/postgres.ts'
import { filledVault, newFolder } from './program.ts'

// Goal: every command of the guide works when it is pasted. Method: a shell in a folder with a vault, where `npx` runs
// this checkout.

const guide = readFileSync(new URL('../../../../docs/backup.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = '']) => code)
const [forPostgres, forAll] = [blocks.filter(isPostgres), blocks.filter((block) => !isPostgres(block))]

function isPostgres(block: string): boolean {
  return block.includes('postgres://')
}

/** A folder with a vault, and a shell in it. */
async function shell(): Promise<(commands: string) => Promise<string>> {
  const folder = newFolder()
  await filledVault({ PAWL_DATA_DIR: join(folder, '.pawl') }, 3)
  const env = { PATH: pathWithPawl() }
  return async (commands) => (await promisify(execFile)('sh', ['-ec', commands], { cwd: folder, env })).stdout
}

it('the guide to keeping a vault has commands that work, one after the other', async () => {
  const run = await shell()
  expect(forAll.length).toBeGreaterThan(3)
  let printed = ''
  for (const block of forAll) printed += await run(block)
  expect(printed).toMatch(/records, .* in vault-monday\.backup/)
  expect(printed).toContain('Restored the vault as of')
  expect(printed).toContain(' whole\n')
  expect(printed).toContain('Moved: ')
  expect(printed).toContain('records were opened')
}, 60_000)

it.skipIf(!hasPostgres)(
  'the guide to keeping a vault moves it to PostgreSQL',
  async () => {
    await using server = await startPostgres()
    const url = await server.newDatabase()
    const run = await shell()
    const [block = ''] = forPostgres
    expect(await run(block.replace(/postgres:\/\/\S+/, url))).toContain('Moved: ')
  },
  60_000,
)
