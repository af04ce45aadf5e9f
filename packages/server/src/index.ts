export { type CommandSpec, commandsOf, type FieldSpec, type FieldType } from './derive/commands.ts'
export * from './host/index.ts'
export * from './http/index.ts'
export { version } from './version.ts'
