// The API for programs with an embedded vault. Surfaces, backups and ceremonies have their own subpaths.

export type { OwnRegistry } from './areas/index.ts'
export type * from './client/areas/index.ts'
export type { CallOptions, JsonObject, NoInput } from './client/types.ts'
export {
  createPawl,
  type Pawl,
  type Who,
} from './engine/create.ts'
export { registry } from './engine/join-areas.ts'
export type { KeyStoreGiven, KeyStoresGiven } from './engine/key-stores.ts'
export type { PawlOptions } from './engine/options.ts'
export { errorCatalogue, type PawlErrorCode, type PawlErrorData } from './kernel/error-catalogue.ts'
export {
  type AnyErrorDefinition,
  defineError,
  type ErrorDefinition,
  type ErrorKind,
  isPawlError,
  PawlError,
  type PawlErrorOf,
} from './kernel/errors.ts'
export { type Geo, geoFrom, type Place } from './kernel/geo.ts'
export type { Json } from './kernel/json.ts'
export type { Schema } from './kernel/schema.ts'
export { revealingJson, Secret } from './kernel/secret.ts'
export {
  type AnyOperation,
  type Area,
  type Around,
  area,
  type ClientOf,
  type ClientOfAreas,
  type IdentityProvider,
  identityProvider,
  type Log,
  type ModelPrice,
  type ModelPrices,
  type ModelProviders,
  type Operation,
  type Origin,
  operation,
  type Registry,
  type Settings,
  type Tier,
  type Tiers,
} from './operations/index.ts'
