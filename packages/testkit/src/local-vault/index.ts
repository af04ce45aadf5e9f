export { type LocalVault, type LocalVaultOptions, startLocalVault } from './local-vault.ts'
