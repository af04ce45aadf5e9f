export { Finding } from './model.ts'
export { type History, type SimulationOptions, simulate } from './simulate.ts'
