import { getHealth } from './get-health.ts'
import { getHsmHealth } from './get-hsm-health.ts'

export const healthOperations = {
  get: getHealth,
  hsm: getHsmHealth,
}
