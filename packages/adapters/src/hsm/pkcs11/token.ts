import { CKA, CKF, CKS_RW_USER_FUNCTIONS, CKU } from './constants.ts'
import { codeOf } from './failures.ts'
import { type Handle, loadPkcs11js, type Mechanism, type PKCS11, type Template, type TokenInfo } from './pkcs11js.ts'
import { type Opening, TokenError } from './protocol.ts'
import type { TokenWanted } from './uri.ts'

export type { Handle } from './pkcs11js.ts'

/** How a key is made. */
export interface Recipe {
  readonly mechanism: Mechanism
  readonly key: Template
  /** Of the public half, when there is one. */
  readonly publicKey?: Template
}

/** More than any search here should find. */
const findMax = 10_000
/** A signature, or 4 KiB with what AES-GCM adds. */
const outputBytesMax = 4096 + 256

/** Loads the module, which a process can do once: a second module would share its memory. */
export async function loadModule(path: string): Promise<PKCS11> {
  const module = await loadPkcs11js()
  try {
    module.load(path)
  } catch {
    throw new TokenError(
      'unavailable',
      `The PKCS#11 module ${path} cannot be loaded. Check that the file exists and is for this system.`,
    )
  }
  try {
    module.C_Initialize()
  } catch (error) {
    const code = codeOf(error) ?? 'an unknown error'
    throw new TokenError('unavailable', `The PKCS#11 module ${path} does not start: ${code}. Check its configuration.`)
  }
  return module
}

export interface Slot {
  readonly handle: Handle
  readonly info: TokenInfo
}

/** Every slot with a token. A slot whose token information cannot be read counts as empty. */
export function slotsOf(module: PKCS11): Slot[] {
  return module.C_GetSlotList(true).flatMap((handle) => {
    try {
      return [{ handle, info: module.C_GetTokenInfo(handle) }]
    } catch {
      return []
    }
  })
}

/** The one token of the module that a URI names. */
function slotFor(module: PKCS11, wanted: TokenWanted): Slot {
  const initialised = slotsOf(module).filter(({ info }) => info.flags & CKF.TOKEN_INITIALIZED)
  const fitting = initialised.filter((slot) => fits(slot, wanted))
  const [only] = fitting
  if (only && fitting.length === 1) return only
  const seen = initialised.map(({ info }) => `"${info.label.trimEnd()}" (serial ${info.serialNumber.trimEnd()})`)
  const list = seen.length > 0 ? `Available tokens: ${seen.join(', ')}.` : 'The module has no initialised token.'
  const problem = only ? `${fitting.length} tokens match the URI. Add a serial.` : 'No token matches the URI.'
  // A module that starts while another process writes may see no token, and the next one sees it.
  throw new TokenError(only ? 'unavailable' : 'lost', `${problem} ${list}`)
}

function fits({ handle, info }: Slot, { label, manufacturer, serial, model, slotId }: TokenWanted): boolean {
  const pairs = [
    [label, info.label],
    [manufacturer, info.manufacturerID],
    [serial, info.serialNumber],
    [model, info.model],
  ] as const
  const hasSlot = slotId === undefined || handle.readUIntLE(0, Math.min(handle.length, 6)) === slotId
  // Fixed fields are padded with blanks.
  return hasSlot && pairs.every(([wanted, found]) => wanted === undefined || wanted === found.trimEnd())
}

/** A token with a logged-in session. If the session or the token is lost later, the cure is a new process. */
export class Token {
  readonly module: PKCS11
  readonly session: Handle
  readonly #slot: Slot

  private constructor(module: PKCS11, slot: Slot, session: Handle) {
    this.module = module
    this.session = session
    this.#slot = slot
  }

  static async open({ modulePath, token, pin, isAsked }: Opening): Promise<Token> {
    const module = await loadModule(modulePath)
    const slot = slotFor(module, token)
    const { handle, info } = slot
    if (info.flags & CKF.USER_PIN_FINAL_TRY && !isAsked && !(info.flags & CKF.USER_PIN_LOCKED)) {
      const remedy = 'Log in once with the tools of the token to reset the counter, then restart.'
      throw new TokenError(
        'pin_blocked',
        `One more wrong PIN would lock the token, so Pawl does not try the PIN. ${remedy}`,
      )
    }
    const session = module.C_OpenSession(handle, CKF.SERIAL_SESSION | CKF.RW_SESSION)
    module.C_Login(session, CKU.USER, Buffer.from(pin).toString('utf8'))
    return new Token(module, slot, session)
  }

  close(): void {
    this.module.C_Logout(this.session)
    this.module.C_Finalize()
  }

  /** Throws when the token or the login is gone. */
  check(): TokenInfo {
    const info = this.module.C_GetTokenInfo(this.#slot.handle)
    const { state } = this.module.C_GetSessionInfo(this.session)
    if (state !== CKS_RW_USER_FUNCTIONS) throw new TokenError('lost', 'The token has logged the vault out.')
    return info
  }

  fits(wanted: TokenWanted): boolean {
    return fits(this.#slot, wanted)
  }

  mechanisms(): ReadonlySet<number> {
    return new Set(this.module.C_GetMechanismList(this.#slot.handle))
  }

  find(template: Template): Handle[] {
    this.module.C_FindObjectsInit(this.session, template)
    const found = this.module.C_FindObjects(this.session, findMax)
    this.module.C_FindObjectsFinal(this.session)
    return found
  }

  /** The values of attributes, in the order in which they are asked for. */
  read(object: Handle, ...types: readonly number[]): Buffer[] {
    const asked = types.map((type) => ({ type }))
    return this.module.C_GetAttributeValue(this.session, object, asked).map(({ value }) => value ?? Buffer.alloc(0))
  }

  /** What an attribute holds, or null when the object has none such. */
  readIf(object: Handle, type: number): Buffer | null {
    try {
      return this.read(object, type)[0] ?? null
    } catch (error) {
      if (codeOf(error) === 'CKR_ATTRIBUTE_TYPE_INVALID') return null
      throw error
    }
  }

  /** A secret key that is gone with the session, if it is not destroyed before. */
  generatePassing({ mechanism, key }: Recipe): Handle {
    const passing = key.map((one) => (one.type === CKA.TOKEN ? { ...one, value: false } : one))
    return this.module.C_GenerateKey(this.session, mechanism, passing)
  }

  rename(object: Handle, id: Uint8Array): void {
    this.module.C_SetAttributeValue(this.session, object, [{ type: CKA.ID, value: Buffer.from(id) }])
  }

  destroy(object: Handle): void {
    this.module.C_DestroyObject(this.session, object)
  }

  sign(key: Handle, mechanism: number, message: Uint8Array): Uint8Array {
    this.module.C_SignInit(this.session, { mechanism }, key)
    return copy(this.module.C_Sign(this.session, given(message), Buffer.alloc(outputBytesMax)))
  }

  encrypt(key: Handle, mechanism: Mechanism, plaintext: Uint8Array): Uint8Array {
    this.module.C_EncryptInit(this.session, mechanism, key)
    return copy(this.module.C_Encrypt(this.session, given(plaintext), Buffer.alloc(outputBytesMax)))
  }

  decrypt(key: Handle, mechanism: Mechanism, ciphertext: Uint8Array): Uint8Array {
    this.module.C_DecryptInit(this.session, mechanism, key)
    return copy(this.module.C_Decrypt(this.session, given(ciphertext), Buffer.alloc(outputBytesMax)))
  }
}

/** Modules refuse a null pointer, which is what an empty buffer is, unless it is a view of something. */
function given(bytes: Uint8Array): Buffer {
  return bytes.length === 0 ? Buffer.alloc(1).subarray(0, 0) : Buffer.from(bytes)
}

function copy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
