export { worldDefaults } from './defaults.ts'
export { sentIn } from './examples/accounts.ts'
export { type Example, type ExamplesOf, examples } from './examples/index.ts'
export {
  type AgentWanted,
  cheapPasswords,
  testPawl,
  type World,
  type WorldAgent,
  type WorldOptions,
} from './world.ts'
