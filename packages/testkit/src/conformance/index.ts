export { testCrypto } from './crypto.ts'
