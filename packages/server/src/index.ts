export * from './host/index.ts'
export * from './http/index.ts'
export { version } from './version.ts'
