import { disableCmek } from './disable-cmek.ts'
import { enableCmek } from './enable-cmek.ts'
import { getCmekRotation } from './get-rotation.ts'
import { rotateCmek } from './rotate-cmek.ts'

export const cmekOperations = {
  enable: enableCmek,
  disable: disableCmek,
  rotate: rotateCmek,
  getRotation: getCmekRotation,
}
