export { type Example, type ExamplesOf, examples } from './examples/index.ts'
export { cheapPasswords, testPawl, type World, type WorldOptions } from './world.ts'
