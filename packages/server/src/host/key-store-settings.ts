import { type Environment, type HsmChoice, list, type Setting, text, Unfit } from './settings.ts'

// The key stores of organisations. Their settings have the name of the key store in them, so there can be many.

/** A key store as the environment names it. */
export interface KeyStoreChoice {
  readonly hsm: HsmChoice
  /** The organisations that may use it. Null: the first one. */
  readonly orgs: readonly string[] | null
}

const prefix = 'PAWL_KEY_STORE_'
const suffix = '_ORGS'

/** How these settings are shown in lists of settings. `<NAME>` stands for the name of a key store. */
export const keyStoreSettings: readonly Omit<Setting<unknown>, 'read' | 'shown'>[] = [
  {
    name: `${prefix}<NAME>`,
    summary:
      'Key store of an organisation for the keys of its vaults: software:<path>, or the pkcs11: URI of a token with a pin-source. PAWL_KEY_STORE_ACME_EU names the key store acme-eu.',
    usual: null,
    secret: false,
  },
  {
    name: `${prefix}<NAME>${suffix}`,
    summary: 'IDs of the organisations that may use this key store, comma-separated. Default: the first organisation.',
    usual: null,
    secret: false,
  },
]

/** The settings that are set, of those that a name with `<NAME>` stands for. Without any, that name. */
export function namesFor(shown: string, env: Environment): string[] {
  const isOrgs = shown.endsWith(suffix)
  const found = Object.keys(env).filter((name) => isKeyStoreSetting(name) && name.endsWith(suffix) === isOrgs)
  return found.length > 0 ? found : [shown]
}

/** Whether a name is one of these settings. */
export function isKeyStoreSetting(name: string): boolean {
  return /^PAWL_KEY_STORE_[A-Z][A-Z0-9_]*$/.test(name)
}

/** Reads the key stores by name. Adds a sentence to the problems for each setting that is not valid. */
export function readKeyStores(
  env: Environment,
  readHsm: (text: string) => HsmChoice,
  problems: string[],
): Readonly<Record<string, KeyStoreChoice>> {
  const keyStores: Record<string, KeyStoreChoice> = {}
  for (const setting of namesIn(env)) {
    try {
      const orgs = env[setting + suffix]
      const hsm = withPin(readHsm(text(env[setting] ?? '')))
      keyStores[keyStoreName(setting)] = { hsm, orgs: orgs === undefined ? null : idsIn(setting, orgs) }
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${setting} ${error.message}.`)
    }
  }
  problems.push(...withoutKeyStore(env))
  return keyStores
}

/** The setting of a key store, for messages. */
export function settingOf(keyStore: string): string {
  return prefix + keyStore.toUpperCase().replaceAll('-', '_')
}

function namesIn(env: Environment): string[] {
  return Object.keys(env).filter((name) => isKeyStoreSetting(name) && !name.endsWith(suffix))
}

function withoutKeyStore(env: Environment): string[] {
  const orphans = Object.keys(env).filter((name) => isKeyStoreSetting(name) && name.endsWith(suffix))
  return orphans.flatMap((name) => {
    const setting = name.slice(0, -suffix.length)
    return env[setting] === undefined ? `${name} is set, but ${setting} is not.` : []
  })
}

function keyStoreName(setting: string): string {
  const name = setting.slice(prefix.length).toLowerCase().replaceAll('_', '-')
  if (name === 'server') throw new Unfit('cannot have this name, which is that of the key store in PAWL_HSM')
  if (name.length > nameCharactersMax) throw new Unfit(`must have a name of at most ${nameCharactersMax} characters`)
  return name
}

const nameCharactersMax = 32

/** The server opens it without a person at the terminal. */
function withPin(hsm: HsmChoice): HsmChoice {
  if (hsm.kind !== 'pkcs11' || hsm.hasPin) return hsm
  throw new Unfit('must name the file of the PIN: &pin-source=file:/path/to/the/pin')
}

function idsIn(setting: string, given: string): readonly string[] {
  const ids = list(given.toLowerCase())
  const isId = (id: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  if (ids.length > 0 && ids.every(isId)) return ids
  throw new Unfit(`has organisations that are not valid: ${setting}${suffix} must be a comma-separated list of IDs`)
}
