import { existsSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { logsOf } from '@pawl/adapters/storage/sqlite'
import { examine, type Facts } from '@pawl/core/maintenance'
import type { HsmStatus } from '@pawl/core/ports'
import { areasOf } from './areas.ts'
import type { Config } from './config.ts'
import { askControl } from './control.ts'
import { settingOf } from './key-store-settings.ts'
import { databaseOf, isInFile, keysOf, type Parts, storageOf, withParts } from './open.ts'
import { outsideOf, toLog } from './outside.ts'
import { hasSnapshot } from './plugged-storage.ts'
import { policyEngineOf } from './policy-engine.ts'
import { dayMs } from './settings.ts'
import { shroudPluginsOf } from './shroud-plugins.ts'
import { expiryOf, tlsFilesOf } from './tls.ts'

/** The result of one check. */
export interface Check {
  readonly name: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly says: string
  /** What the operator should do; absent if nothing. */
  readonly remedy?: string
}

export interface Examined {
  /** Null where the storage has no snapshot. */
  readonly facts: Facts | null
  readonly hsm: HsmStatus
  readonly provider: string
  /** The status of each key store of an organisation. */
  readonly keyStores: Readonly<Record<string, HsmStatus>>
}

/** The state inside the vault, from a running server or from the vault itself. */
export async function examineParts({ storage, hsm, keyStores, crypto }: Parts, now: number): Promise<Examined> {
  const facts = hasSnapshot(storage) ? await examine({ storage, hsm, crypto, now }) : null
  const asked = Object.entries(keyStores).map(async ([name, one]) => [name, await one.hsm.status()] as const)
  const statuses = Object.fromEntries(await Promise.all(asked))
  return { facts, hsm: await hsm.status(), provider: hsm.provider, keyStores: statuses }
}

/** Runs all checks for the operator. It is read-only. */
export async function diagnose(config: Config, now = Date.now()): Promise<Check[]> {
  const checks = [
    nodeCheck(),
    ...fileChecks(config),
    rootCheck(config),
    ...syncCheck(config),
    ...tlsCheck(config, now),
    mailCheck(config),
    await diskCheck(config),
    ...(await pluginCheck(config)),
  ]
  try {
    const running = await askControl<Examined>(config.dataDir, 'examine')
    const examined = running ?? (await withParts(config, (parts) => examineParts(parts, now)))
    checks.push(ok('server', running ? 'runs and answered' : 'does not run, so the vault was opened'))
    checks.push(hsmCheck(examined), ...keyStoreChecks(examined), ...factChecks(examined, config, now))
  } catch (error) {
    checks.push(fail('vault', error instanceof Error ? error.message : String(error)))
  }
  return checks
}

const ok = (name: string, says: string): Check => ({ name, verdict: 'ok', says })
const warn = (name: string, says: string, remedy: string): Check => ({ name, verdict: 'warn', says, remedy })
const fail = (name: string, says: string, remedy?: string): Check => ({
  name,
  verdict: 'fail',
  says,
  ...(remedy ? { remedy } : {}),
})

function syncCheck({ auditSync }: Config): Check[] {
  const says = 'PAWL_AUDIT_SYNC is os: a power failure can lose the audit events of the last reads'
  return auditSync === 'os' ? [warn('audit sync', says, 'Set it to disk to keep every event.')] : []
}

function mailCheck({ smtpUrl, mailFrom }: Config): Check {
  if (smtpUrl === toLog) return warn('mail', 'the server shows mail on its terminal and sends none', setMail)
  if (smtpUrl !== null) return ok('mail', `the server sends mail from ${mailFrom}`)
  return warn(
    'mail',
    'the server sends no mail. It refuses invitations, sign-up, forgotten passwords and codes by mail',
    setMail,
  )
}

const setMail =
  'Set PAWL_SMTP_URL and PAWL_MAIL_FROM. Without mail, add members with pawl org add-member, and send the URLs of shares yourself.'

/** Loads what the server would load at its next start. */
async function pluginCheck(config: Config): Promise<Check[]> {
  const { storage, auditSink, policyEngine, shroudPlugins, areas } = config
  const chosen = [storage, auditSink].flatMap((one) => (one?.kind === 'module' ? [one.module] : []))
  const named = [policyEngine, shroudPlugins].filter((one) => one !== null)
  const modules = [...chosen, ...named, ...areas]
  if (modules.length === 0) return []
  try {
    const ports = [storageOf(storage, config), outsideOf(config), policyEngineOf(config), shroudPluginsOf(config)]
    await Promise.all([...ports, areasOf(config)])
    return [ok('plug-ins', `run in the server, with all its rights: ${modules.join(', ')}`)]
  } catch (error) {
    return [fail('plug-ins', error instanceof Error ? error.message : String(error))]
  }
}

const renewMs = 14 * dayMs

function tlsCheck(config: Config, now: number): Check[] {
  const files = tlsFilesOf(config)
  if (files === null) return []
  const remedy = 'Renew the certificate. The server loads the new files automatically.'
  try {
    const expires = expiryOf(readFileSync(files.cert))
    const says = `the certificate expires at ${new Date(expires).toISOString()}`
    if (expires <= now) return [fail('tls', says, remedy)]
    if ((statSync(files.key).mode & 0o007) !== 0 && process.platform !== 'win32')
      return [fail('tls', `other users of this machine can access ${files.key}`, `chmod o= '${files.key}'`)]
    return [expires - now < renewMs ? warn('tls', says, remedy) : ok('tls', says)]
  } catch (error) {
    return [fail('tls', `the certificate cannot be used: ${error instanceof Error ? error.message : String(error)}`)]
  }
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isEnough = major > 20 || (major === 20 && minor >= 19)
  const says = `Node ${process.versions.node}`
  return isEnough ? ok('node', says) : fail('node', says, 'Install Node 20.19 or newer.')
}

/** Checks which files other users can access. Windows has no such mode bits, and Node invents them. */
function fileChecks(config: Config): Check[] {
  const { dataDir, storage } = config
  const database = isInFile(storage) ? [databaseOf(config)] : []
  const logs = database.flatMap(logsOf)
  const files = [...database, ...logs, keysOf(config), rootKeyOf(config)]
  const paths = [dataDir, ...files.flatMap((file) => (file ? [dirname(file), file] : []))]
  const open = [...new Set(paths)].filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0)
  if (open.length === 0 || process.platform === 'win32') return [ok('files', 'are readable only by their owner')]
  return open.map((path) => {
    const mode = statSync(path).isDirectory() ? '700' : '600'
    return fail('files', `other users of this machine can access ${path}`, `chmod ${mode} '${path}'`)
  })
}

function rootKeyOf({ hsm, rootKey, rootPassphrase, rootKeyFile, dataDir }: Config): string | null {
  if (hsm?.kind === 'pkcs11' || rootKey || rootPassphrase !== null) return null
  return rootKeyFile ?? `${dataDir}/root.key`
}

function rootCheck(config: Config): Check {
  const path = rootKeyOf(config)
  if (path === null) return ok('root', 'is not stored in a file')
  if (!existsSync(path)) return warn('root', `${path} is missing`, 'Restore it from your copy.')
  if (dirname(path) !== dirname(keysOf(config))) return ok('root', 'is stored apart from the keys that it opens')
  return warn(
    'root',
    `${path} is in the same folder as the keys that it opens`,
    'Keep a copy elsewhere. Without the root key, nothing can be read.',
  )
}

const freeBytesMin = 100_000_000

async function diskCheck(config: Config): Promise<Check> {
  const folder = [dirname(databaseOf(config)), config.dataDir].find((path) => existsSync(path))
  if (folder === undefined) return fail('disk', `the folder ${config.dataDir} does not exist`, 'Set PAWL_DATA_DIR.')
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const used = statSync(databaseOf(config), { throwIfNoEntry: false })?.size ?? 0
  const says = `${Math.floor(free / 1_000_000).toLocaleString('en')} MB are free`
  if (free < freeBytesMin) return fail('disk', says, 'Free some space, or writes will fail.')
  return free < used * 2
    ? warn('disk', says, 'A backup of a running server needs as much space as the database.')
    : ok('disk', says)
}

function hsmCheck({ hsm, provider }: Examined): Check {
  return hsm === 'ok' ? ok('hsm', `${provider}, and it opens the keyring`) : fail('hsm', `${provider} is ${hsm}`)
}

function factChecks({ facts }: Examined, config: Config, now: number): Check[] {
  if (facts === null)
    return [warn('records', 'were not examined: the storage has no snapshot', 'Run pawl audit verify instead.')]
  const { records, opened, damaged } = facts
  const counts = Object.entries(records).sort(([a], [b]) => (a < b ? -1 : 1))
  const restore = 'Run pawl audit verify, and restore the last good backup.'
  return [
    ok('records', counts.map(([kind, count]) => `${count} ${kind}`).join(', ')),
    damaged === 0
      ? ok('sample', `${opened} records were opened`)
      : fail('sample', `${damaged} of ${opened} tested records are damaged`, restore),
    clockCheck(facts, now),
    keyUseCheck(facts),
    expiryCheck(facts),
    settingsCheck(facts),
    jobCheck(facts),
    auditCheck(facts),
    keepCheck(facts, config, now),
  ]
}

/** Every key store that is configured or that a vault needs. */
function keyStoreChecks({ facts, keyStores: statuses }: Examined): Check[] {
  const inUse = facts?.keyStores ?? {}
  const names = new Set([...Object.keys(statuses), ...Object.keys(inUse)])
  return [...names].map((name) => {
    const vaults = inUse[name] ?? 0
    const status = statuses[name] ?? 'not configured'
    const says = `${name} is ${status}. Number of vaults with keys in it: ${vaults}`
    if (status === 'ok') return ok('key store', says)
    const remedy = status === 'not configured' ? `Set ${settingOf(name)}.` : 'Other vaults work. See the server log.'
    return vaults > 0 ? fail('key store', `${says}. They are sealed`, remedy) : warn('key store', says, remedy)
  })
}

const earliest = Date.UTC(2026, 0)
const latest = Date.UTC(2100, 0)
/** The allowed difference between the clocks of two machines. */
const clockSlackMs = 5_000

function clockCheck({ newestAt }: Facts, now: number): Check {
  const says = `it is ${new Date(now).toISOString()}`
  const remedy = 'Set the clock of this machine.'
  if (now < earliest || now > latest) return fail('clock', `${says}, which cannot be right`, remedy)
  if (now >= newestAt - clockSlackMs) return ok('clock', says)
  return fail('clock', `${says}, but something was stored at ${new Date(newestAt).toISOString()}`, remedy)
}

function keyUseCheck({ wrapsUsed }: Facts): Check {
  const says = `the most used vault key has reached ${(wrapsUsed * 100).toFixed(1)} % of its wrap limit`
  return wrapsUsed < 0.8
    ? ok('keys', says)
    : warn('keys', says, 'Pawl replaces it automatically. To replace it now, rotate the vault key.')
}

function expiryCheck({ expiring }: Facts): Check {
  const found = Object.entries(expiring)
  const says = `within 30 days: ${found.map(([name, count]) => `${count} × ${name}`).join(', ') || 'nothing'}`
  const isWorrying = found.some(([name]) => name !== 'share')
  return isWorrying ? warn('expiring', says, 'Renew the keys that are still needed.') : ok('expiring', says)
}

function settingsCheck({ brokenSettings }: Facts): Check {
  const found = Object.entries(brokenSettings)
  if (found.length === 0) return ok('agents', 'every setting makes sense')
  const says = `these settings make no sense: ${found.map(([name, count]) => `${name} (${count} agents)`).join(', ')}`
  return warn('agents', says, 'The strictest value holds until a human sets them again: pawl agent update.')
}

function jobCheck({ jobs: { waiting, failing, late } }: Facts): Check {
  const says = `${waiting} waiting, ${failing} failing, ${late} late`
  return failing + late === 0 ? ok('jobs', says) : warn('jobs', says, 'See the server log for the reason.')
}

function keepCheck({ segments }: Facts, { auditKeep }: Config, now: number): Check {
  const { closed, exported, oldestUnexportedAt, droppedEvents } = segments
  const kept = auditKeep === null ? 'for ever' : `for ${auditKeep / dayMs} days`
  const says = `events are kept ${kept}. ${exported} of ${closed} segments were exported, ${droppedEvents} events dropped`
  const isWaiting = auditKeep !== null && oldestUnexportedAt !== null && oldestUnexportedAt < now - auditKeep
  return isWaiting ? warn('trail', `${says}. Older segments wait for an export`, exportRemedy) : ok('trail', says)
}

const exportRemedy = 'Run pawl audit export --all --to <folder>.'

const unsignedMsMax = 3_600_000

function auditCheck({ begunAt, newestAt, signedAt }: Facts): Check {
  const says = signedAt === null ? 'nothing is signed yet' : `signed at ${new Date(signedAt).toISOString()}`
  if (newestAt - (signedAt ?? begunAt ?? newestAt) <= unsignedMsMax) return ok('audit', says)
  return warn('audit', `${says}, and there are newer events`, 'The server signs every ten minutes. See its log.')
}
