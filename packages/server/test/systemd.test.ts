import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hasPart, programAt } from '../../../tools/real-parts/index.ts'
import { exits } from '../src/cli/exits.ts'
import { readConfig } from '../src/host/index.ts'

// Goal: the systemd unit gives the server its secrets as credentials, and no other way. Method: what systemd would make of
// its lines, with the lines for a PIN, which are a comment, in force as well.

const unit = readFileSync(resolve(import.meta.dirname, '../bundle/pawl.service'), 'utf8')
const hasSystemd = hasPart('systemd', 'apt-get install systemd', programAt('systemd-analyze') !== null)

test('the systemd unit loads the password and the PIN as credentials, which the server reads (N5)', () => {
  const whole = unit.replace(/^#(?=LoadCredential=|Environment=)/gm, '')
  const folder = newFolder()
  const credentials = valuesOf(whole, 'LoadCredential').map((one) => one.split(':')[0] ?? '')
  expect(credentials).toEqual(['owner-password', 'hsm-pin', 'pgpass'])
  for (const name of credentials) writeFileSync(join(folder, name), `secret of ${name}\n`)
  const lines = valuesOf(whole, 'Environment').map((line) => line.replaceAll('%d', folder).split(/=(.*)/s))
  const env = Object.fromEntries(lines.map(([name = '', value]) => [name, value]))

  const token = 'pkcs11:token=pawl?module-path=/usr/lib/softhsm/libsofthsm2.so'
  const { ownerPassword, hsmPin, dataDir } = readConfig({ ...env, PAWL_HSM: token })
  expect([ownerPassword, hsmPin]).toEqual(['secret of owner-password', 'secret of hsm-pin'])
  expect(dataDir).toBe(`/var/lib/${valuesOf(whole, 'StateDirectory')}`)
  expect(Object.keys(env).filter((name) => /PASSWORD|PIN/.test(name))).toEqual([
    'PAWL_OWNER_PASSWORD_FILE',
    'PAWL_HSM_PIN_FILE',
  ])
  expect(env.PGPASSFILE).toBe(join(folder, 'pgpass'))
})

test('the systemd unit starts the server until its database answers, but not again with wrong settings', () => {
  expect(valuesOf(unit, 'Restart')).toEqual(['on-failure'])
  expect(valuesOf(unit, 'RestartSec')).toEqual(['5'])
  // By default systemd gives up after five starts in ten seconds.
  expect(valuesOf(unit, 'StartLimitIntervalSec')).toEqual(['0'])
  expect(valuesOf(unit, 'RestartPreventExitStatus')).toEqual([`${exits.config}`])
})

test.skipIf(!hasSystemd)('systemd has no complaint about the unit (N5)', () => {
  const file = join(newFolder(), 'pawl.service')
  writeFileSync(file, unit.replace('/opt/pawl/bin/pawl', process.execPath))
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})

function valuesOf(text: string, name: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-unit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
