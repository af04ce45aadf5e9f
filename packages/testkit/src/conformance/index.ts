export type { Runner } from './asserts.ts'
export { testCrypto } from './crypto.ts'
export type { AnyStorage, OpenedStorage, OpenStorage, StorageAbility, StorageSuiteOptions } from './storage.ts'
export { testStorage } from './storage.ts'
