// What custodians do with the root of a vault: share it, and bring the shares together.

export {
  type Ceremony,
  type CeremonyOptions,
  type Collected,
  type NewShares,
  openCeremony,
  shareRefused,
} from './areas/seal/index.ts'
export { joinRootShares, parseRootShare, type RootShare } from './crypto/root-shares.ts'
