import { createRequire } from 'node:module'

/** Where pkcs11js is; null where it was not compiled, which is how its install ends without a compiler. */
export const pkcs11jsPath = pathOf('pkcs11js')

export const pkcs11jsRemedy = 'It compiles. Install g++, make and python3, then run: npm test'

function pathOf(name: string): string | null {
  try {
    return createRequire(new URL('../../packages/adapters/package.json', import.meta.url)).resolve(name)
  } catch {
    return null
  }
}
