// The key ceremony: splitting the root key into root shares, and joining them.

export {
  type Ceremony,
  type CeremonyOptions,
  type Collected,
  type NewShares,
  openCeremony,
  shareRefused,
} from './areas/seal/index.ts'
export { joinRootShares, parseRootShare, type RootShare } from './crypto/root-shares.ts'
