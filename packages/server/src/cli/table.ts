import type { Entry } from './command.ts'

/** Commands for users of a served vault, besides the operations. */
export const clientCommands: Readonly<Record<string, Entry>> = {
  login: {
    summary: 'Sign in on this machine.',
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: {
    summary: 'Sign out and revoke the key of this machine.',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  whoami: {
    summary: 'Show who is signed in, and at which server.',
    load: async () => (await import('./commands/whoami.ts')).whoami,
  },
  'vault link': {
    summary: 'Use a vault in this folder and below it.',
    load: async () => (await import('./commands/vault-link.ts')).vaultLink,
  },
  'vault unlink': {
    summary: 'Stop using a linked vault in this folder.',
    load: async () => (await import('./commands/vault-link.ts')).vaultUnlink,
  },
  'secret describe': {
    summary: 'Show the details of a secret, without its value.',
    load: async () => (await import('./commands/secret-describe.ts')).secretDescribe,
  },
  grant: {
    summary: 'Grant an agent or a member permissions on paths of a vault.',
    load: async () => (await import('./commands/grant.ts')).grant(),
  },
  revoke: {
    summary: 'Take back permissions on paths of a vault.',
    load: async () => (await import('./commands/revoke.ts')).revoke,
  },
  'secret diff': {
    summary: 'Compare two versions of a secret, without showing values.',
    load: async () => (await import('./commands/secret-diff.ts')).secretDiff,
  },
  'env run': {
    summary: 'Run a program with secrets in its environment.',
    load: async () => (await import('./commands/env-run.ts')).envRun,
  },
  'env pull': {
    summary: 'Write secrets as environment variables.',
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
    summary: 'Serve the tools of a vault to a model, over standard input and output.',
    load: async () => (await import('./commands/mcp.ts')).mcp,
  },
  completion: {
    summary: 'Print the completion script for bash, zsh or fish.',
    load: async () =>
      (await import('./commands/completion.ts')).completionOf({ ...clientCommands, ...operatorCommands }),
  },
}

/** Commands for operators, on the machine of the vault. */
export const operatorCommands: Readonly<Record<string, Entry>> = {
  serve: {
    summary: 'Open the vault and serve it over HTTP.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  dev: {
    summary: 'Serve a vault for testing, with known keys.',
    load: async () => (await import('./commands/dev.ts')).dev,
  },
  config: {
    summary: 'Show every setting and its value, with secrets hidden.',
    load: async () => (await import('./commands/config.ts')).config,
  },
  'config list': {
    summary: 'Same as pawl config.',
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
    summary: 'Write the whole vault to one encrypted file, whether the server runs or not.',
    load: async () => (await import('./commands/backup.ts')).backup,
  },
  restore: {
    summary: 'Restore a backup into an empty storage.',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  migrate: {
    summary: 'Copy a stopped vault to another storage.',
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  'storage setup': {
    summary: 'Create the tables and functions of this version, for a server whose database role must not create them.',
    load: async () => (await import('./commands/storage-setup.ts')).storageSetup,
  },
  'owner reset-password': {
    summary: 'Give the first owner a new password, whether the server runs or not.',
    load: async () => (await import('./commands/owner-reset-password.ts')).ownerResetPassword,
  },
  seal: {
    summary: 'Seal the vault of the server on this machine. It can read nothing until it is unsealed.',
    load: async () => (await import('./commands/seal.ts')).seal,
  },
  unseal: {
    summary: 'Enter shares of the root key to open the vault.',
    load: async () => (await import('./commands/unseal.ts')).unseal,
  },
  'root split': {
    summary: 'Create a new root key and split it into shares for custodians.',
    load: async () => (await import('./commands/root-split.ts')).rootSplit,
  },
  'root join': {
    summary: 'Create a new root key in a key file, so that the vault opens automatically.',
    load: async () => (await import('./commands/root-join.ts')).rootJoin,
  },
  'root wrap': {
    summary: 'Create a new root key that only the token in PAWL_ROOT_HSM can unwrap.',
    load: async () => (await import('./commands/root-wrap.ts')).rootWrap,
  },
  'root rotate': {
    summary: 'Replace the root key by a new one of the same kind: key file, passphrase, shares or token.',
    load: async () => (await import('./commands/root-rotate.ts')).rootRotate,
  },
  doctor: {
    summary: 'Check a vault for problems, whether the server runs or not.',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'audit export': {
    summary: 'Write audit events or whole segments to files.',
    load: async () => (await import('./commands/audit-export.ts')).auditExport,
  },
  'audit verify': {
    summary: 'Verify the whole audit trail of a stopped vault, or an exported segment.',
    load: async () => (await import('./commands/audit-verify.ts')).auditVerify,
  },
  'keys move': {
    summary: 'Move the keys of a stopped vault to another key store.',
    load: async () => (await import('./commands/keys-move.ts')).keysMove,
  },
  'keys rotate': {
    summary: 'Replace all keys of a vault.',
    load: async () => (await import('./commands/keys-rotate.ts')).keysRotate,
  },
  'shroud eval': {
    summary: 'Measure the detectors of Shroud on texts whose answer is known.',
    load: async () => (await import('./commands/shroud-eval.ts')).shroudEval,
  },
  'hsm init': {
    summary: 'Initialise an empty PKCS#11 slot as a token for Pawl.',
    load: async () => (await import('./commands/hsm-init.ts')).hsmInit,
  },
  'hsm status': {
    summary: 'Show where keys are stored, and whether they work.',
    load: async () => (await import('./commands/hsm-status.ts')).hsmStatus,
  },
  'hsm test': {
    summary: 'Create, use and destroy a key of each type in the key store.',
    load: async () => (await import('./commands/hsm-test.ts')).hsmTest,
  },
  bundle: {
    summary: 'Pack this Pawl into one archive, for a machine without network access.',
    load: async () => (await import('./commands/bundle.ts')).bundle,
  },
}
