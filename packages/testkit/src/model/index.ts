// What must be there after anything that can go wrong: the one model of the harnesses that crash a vault.
export { Budget } from './budget.ts'
export { Finding } from './finding.ts'
export { type Changing, Register, ticks } from './register.ts'
export { Trail } from './trail.ts'
