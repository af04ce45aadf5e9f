export { Finding } from '../model/index.ts'
export { type History, type SimulationOptions, simulate } from './simulate.ts'
