export { type ShroudOptions, shroudListener } from './listener.ts'
