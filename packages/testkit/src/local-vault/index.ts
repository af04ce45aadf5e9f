export type { Act } from './activity.ts'
export { startLocalVault } from './local-vault.ts'
export type { AgentWanted, LocalVaultOptions, PolicyWanted, SecretsWanted } from './options.ts'
export type { LocalAgent, LocalVault } from './vault.ts'
