import { CKF, CKU } from './constants.ts'
import type { PKCS11 } from './pkcs11js.ts'
import { type Initialising, TokenError } from './protocol.ts'
import { loadModule, type Slot, slotsOf } from './token.ts'

const labelBytes = 32

/** Makes a token of the first slot that holds an empty one, and gives it a user PIN. */
export async function initialise({ modulePath, label, soPin, pin }: Initialising): Promise<void> {
  if (label === '' || Buffer.byteLength(label) > labelBytes) {
    throw new TokenError('unavailable', `The label of a token must have 1 to ${labelBytes} bytes.`)
  }
  const module = await loadModule(modulePath)
  const { handle } = freeSlot(module, label)
  const text = (secret: Uint8Array) => Buffer.from(secret).toString('utf8')
  module.C_InitToken(
    handle,
    text(soPin),
    Buffer.alloc(labelBytes, ' ').fill(label, 0, Buffer.byteLength(label)).toString(),
  )
  const session = module.C_OpenSession(handle, CKF.SERIAL_SESSION | CKF.RW_SESSION)
  module.C_Login(session, CKU.SO, text(soPin))
  module.C_InitPIN(session, text(pin))
  module.C_Logout(session)
}

function freeSlot(module: PKCS11, label: string): Slot {
  const slots = slotsOf(module)
  const isInitialised = ({ info }: Slot) => (info.flags & CKF.TOKEN_INITIALIZED) !== 0
  if (slots.some((slot) => isInitialised(slot) && slot.info.label.trimEnd() === label)) {
    throw new TokenError(
      'unavailable',
      `The token ${label} already exists. Initialising it again would destroy its keys. Choose another label.`,
    )
  }
  const free = slots.find((slot) => !isInitialised(slot))
  if (free) return free
  throw new TokenError('unavailable', 'Every token is already initialised. No token was changed.')
}
