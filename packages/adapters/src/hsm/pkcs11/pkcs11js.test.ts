import { expect, test } from 'vitest'
import { errorAlone } from '../../../../../tools/real-parts/alone.ts'

const source = new URL('./pkcs11js.ts', import.meta.url)

test('without pkcs11js the error says how to install it, and what compiles it', async () => {
  expect(await errorAlone(source, 'loadPkcs11js')).toBe(
    'The package pkcs11js is not installed. Its installation needs a compiler. Debian: apt-get install g++ make python3. ' +
      'Run: npm install pkcs11js (in a checkout of Pawl: npm start)',
  )
})

test('with a pkcs11js that does not load, the error says so', async () => {
  expect(await errorAlone(source, 'loadPkcs11js', { pkcs11js: '2.1.7' })).toContain('The package pkcs11js is broken.')
})
