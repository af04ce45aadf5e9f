import { CKA, CKO } from './constants.ts'
import { meaningOf } from './failures.ts'
import { initialise } from './initialise.ts'
import { type SigningType, signingTypes } from './key-types.ts'
import { Keys, signingOf } from './keys.ts'
import { type Answer, type Call, type CallName, type Calls, type Opening, TokenError } from './protocol.ts'
import { signDigestWith, signWith } from './signing.ts'
import { Token } from './token.ts'
import { unwrap, wrap } from './wrapping.ts'

// The process with the driver. A crash of the driver ends this process, and the vault sees a failed call. The functions of
// PKCS#11 are called one at a time on one session. They block only this process. On SoftHSM2, more sessions with calls in
// threads had less throughput.

interface Opened {
  readonly token: Token
  readonly keys: Keys
}

type Work = { [N in CallName]: (...args: Parameters<Calls[N]>) => ReturnType<Calls[N]> | Promise<ReturnType<Calls[N]>> }

let opened: Opened | null = null

const calls: Work = {
  open: async (opening: Opening) => {
    const token = await Token.open(opening)
    opening.pin.fill(0)
    opened = { token, keys: new Keys(token, opening.wrapping) }
  },
  initialise,
  has: (uri, type) => here().keys.has(uri, type),
  draft: (uri, type) => here().keys.draft(uri, type),
  settle: (uri, draftId) => here().keys.settle(uri, draftId),
  destroyKey: (uri) => here().keys.destroy(uri),
  publicKey: (uri) => here().keys.publicKey(uri),
  sign: (uri, message) => {
    const { token, keys } = here()
    return keys.use(uri, signingTypes, ({ handle, kind }) => signWith(token, handle, kind as SigningType, message))
  },
  signDigest: (uri, digest) => {
    const { token, keys } = here()
    return keys.use(uri, ['secp256k1'], ({ handle }) => signDigestWith(token, handle, digest))
  },
  wrap: (uri, plaintext, associated) => {
    const { token, keys } = here()
    return keys.use(uri, ['aes-256'], (key) => wrap(token, key, plaintext, associated))
  },
  unwrap: (uri, wrapped, associated) => {
    const { token, keys } = here()
    const plaintext = keys.use(uri, ['aes-256'], (key) => unwrap(token, key, wrapped, associated))
    if (plaintext) return plaintext
    throw new TokenError('not_authentic', `The data was not wrapped by ${uri} for this purpose.`)
  },
  check: () => void here().token.check(),
  describe: () => describe(here()),
  close: () => {
    opened?.token.close()
    opened = null
  },
}

function here(): Opened {
  if (!opened) throw new TokenError('lost', 'The token is not open.')
  return opened
}

function describe({ token, keys }: Opened) {
  const { label, serialNumber, manufacturerID, model, firmwareVersion } = token.check()
  const count = (type: number) => token.find([{ type: CKA.CLASS, value: type }]).length
  return {
    label: label.trimEnd(),
    serial: serialNumber.trimEnd(),
    manufacturer: manufacturerID.trimEnd(),
    model: model.trimEnd(),
    firmware: `${firmwareVersion.major}.${firmwareVersion.minor}`,
    wrapping: keys.wrapping(),
    signing: signingOf(token),
    keys: count(CKO.SECRET_KEY) + count(CKO.PRIVATE_KEY),
  }
}

async function answer({ id, name, args }: Call): Promise<Answer> {
  try {
    const work = calls[name] as (...args: readonly unknown[]) => unknown
    return { id, value: await work(...args) }
  } catch (thrown) {
    const error = meaningOf(thrown)
    if (error instanceof TokenError) return { id, failure: error.failure, message: error.message }
    return { id, failure: 'unavailable', message: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', async (call: Call) => {
  const said = await answer(call)
  process.send?.(said)
})
// The parent process is gone. The keys stay in the token.
process.on('disconnect', () => process.exit())
// The parent process decides when this process ends. A signal from a terminal reaches every process in it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
