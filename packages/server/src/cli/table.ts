import type { Entry } from './terminal.ts'

/** What people do with a vault that is served somewhere, beside the operations. */
export const clientCommands: Readonly<Record<string, Entry>> = {
  login: {
    summary: 'Sign in, and stay signed in on this machine.',
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: {
    summary: 'Sign out: the key of this machine ends.',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  whoami: {
    summary: 'Say who is signed in, and where.',
    load: async () => (await import('./commands/whoami.ts')).whoami,
  },
  'vault link': {
    summary: 'Use a vault in this folder and below it.',
    load: async () => (await import('./commands/vault-link.ts')).vaultLink,
  },
  'vault unlink': {
    summary: 'Forget which vault this folder uses.',
    load: async () => (await import('./commands/vault-link.ts')).vaultUnlink,
  },
  'secret describe': {
    summary: 'Show what is known about a secret, without its value.',
    load: async () => (await import('./commands/secret-describe.ts')).secretDescribe,
  },
  'env run': {
    summary: 'Run a program with secrets in its environment.',
    load: async () => (await import('./commands/env-run.ts')).envRun,
  },
  'env pull': {
    summary: 'Write secrets out as an environment.',
    load: async () => (await import('./commands/env-pull.ts')).envPull,
  },
  'env push': {
    summary: 'Store a .env file as one secret.',
    load: async () => (await import('./commands/env-push.ts')).envPush,
  },
  import: {
    summary: 'Store the secrets of a .env file, JSON or an export of another vault.',
    load: async () => (await import('./commands/import.ts')).importSecrets,
  },
  mcp: {
    summary: 'Give a model the tools of a vault, on standard input and output.',
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
  completion: {
    summary: 'Print what makes a shell complete commands: bash, zsh or fish.',
    load: async () =>
      (await import('./commands/completion.ts')).completionOf({ ...clientCommands, ...operatorCommands }),
  },
}

/** What operators do, on the machine of the vault. */
export const operatorCommands: Readonly<Record<string, Entry>> = {
  serve: {
    summary: 'Open the vault and serve it over HTTP.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  dev: {
    summary: 'Serve a vault to try things with, that anybody can open.',
    load: async () => (await import('./commands/dev.ts')).dev,
  },
  config: {
    summary: 'Show every setting and what it is set to, secrets hidden.',
    load: async () => (await import('./commands/config.ts')).config,
  },
  'config list': {
    summary: 'The same.',
    load: async () => (await import('./commands/config.ts')).config,
  },
  'config get': {
    summary: 'Show a setting of this command line.',
    load: async () => (await import('./commands/config-get.ts')).configGet,
  },
  'config set': {
    summary: 'Change a setting of this command line.',
    load: async () => (await import('./commands/config-set.ts')).configSet,
  },
  backup: {
    summary: 'Write the whole vault to one sealed file, while it is used or not.',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    summary: 'Put a backup back, where there is no vault yet.',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  migrate: {
    summary: 'Copy a vault that is not running to another storage.',
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  seal: {
    summary: 'Seal the vault of the server that runs here: nothing can be read until it is unsealed.',
    load: async () => (await import('./commands/seal.ts')).seal,
  },
  unseal: {
    summary: 'Enter shares of the root key, until the vault is open.',
    load: async () => (await import('./commands/unseal.ts')).unseal,
  },
  'root split': {
    summary: 'Put the keys under a new root key, and give that to custodians in shares.',
    load: async () => (await import('./commands/root-split.ts')).rootSplit,
  },
  'root join': {
    summary: 'Put the keys under a new root key in a key file, so that the vault opens by itself.',
    load: async () => (await import('./commands/root-join.ts')).rootJoin,
  },
  'root wrap': {
    summary: 'Put the keys under a new root key that only the token of PAWL_ROOT_HSM can unwrap.',
    load: async () => (await import('./commands/root-wrap.ts')).rootWrap,
  },
  'root rotate': {
    summary: 'Put the keys under a new root of the same kind: key file, passphrase, shares or token.',
    load: async () => (await import('./commands/root-rotate.ts')).rootRotate,
  },
  doctor: {
    summary: 'Look for what is wrong with a vault or soon will be, running or not.',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'audit verify': {
    summary: 'Check the whole audit trail of a vault that is not running.',
    load: async () => (await import('./commands/audit-verify.ts')).auditVerify,
  },
  'keys move': {
    summary: 'Take a vault that is not running to another key store.',
    load: async () => (await import('./commands/keys-move.ts')).keysMove,
  },
  'keys rotate': {
    summary: 'Give a vault new keys in place of all it has.',
    load: async () => (await import('./commands/keys-rotate.ts')).keysRotate,
  },
  'hsm init': {
    summary: 'Make an empty slot of a PKCS#11 module into a token for Pawl.',
    load: async () => (await import('./commands/hsm-init.ts')).hsmInit,
  },
  'hsm status': {
    summary: 'Say where keys live, and whether they can be used.',
    load: async () => (await import('./commands/hsm-status.ts')).hsmStatus,
  },
  'hsm test': {
    summary: 'Make, use and destroy a key of each type where keys live.',
    load: async () => (await import('./commands/hsm-test.ts')).hsmTest,
  },
  bundle: {
    summary: 'Pack this Pawl into one archive, for a machine that reaches no registry.',
    load: async () => (await import('./commands/bundle.ts')).bundle,
  },
}
