import { TokenError } from './protocol.ts'

// The part of pkcs11js that is used here. pkcs11js compiles when it is installed, so it is absent where there is no
// compiler, and its declarations with it. Pawl builds and runs there too.

export type Handle = Buffer
export type Template = Attribute[]

interface Attribute {
  type: number
  value?: number | boolean | string | Buffer
}

interface Parameter {
  type: number
}

export interface Mechanism {
  mechanism: number
  parameter?: Parameter
}

export interface TokenInfo {
  label: string
  manufacturerID: string
  model: string
  serialNumber: string
  firmwareVersion: { major: number; minor: number }
  flags: number
}

export interface PKCS11 {
  load(path: string): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(tokenPresent: boolean): Handle[]
  C_GetTokenInfo(slot: Handle): TokenInfo
  C_GetMechanismList(slot: Handle): number[]
  C_InitToken(slot: Handle, pin: string, label: string): string
  C_InitPIN(session: Handle, pin: string): void
  C_OpenSession(slot: Handle, flags: number): Handle
  C_GetSessionInfo(session: Handle): { state: number }
  C_Login(session: Handle, userType: number, pin: string): void
  C_Logout(session: Handle): void
  C_FindObjectsInit(session: Handle, template: Template): void
  C_FindObjects(session: Handle, objectsMax: number): Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(session: Handle, object: Handle, template: Template): { type: number; value: Buffer }[]
  C_SetAttributeValue(session: Handle, object: Handle, template: Template): void
  C_DestroyObject(session: Handle, object: Handle): void
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: Template): Handle
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicKey: Template,
    privateKey: Template,
  ): { publicKey: Handle; privateKey: Handle }
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Sign(session: Handle, message: Buffer, output: Buffer): Buffer
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Encrypt(session: Handle, plaintext: Buffer, output: Buffer): Buffer
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Decrypt(session: Handle, ciphertext: Buffer, output: Buffer): Buffer
}

/** The package is loaded at the first use of a token. Throws `TokenError` with the command that installs it. */
export async function loadPkcs11js(): Promise<PKCS11> {
  try {
    // The type of a string, not of the literal: the compiler must not look for the package.
    const pkcs11js: { readonly default: { readonly PKCS11: new () => PKCS11 } } = await import('pkcs11js' as string)
    return new pkcs11js.default.PKCS11()
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    const compiler = 'Its installation needs a compiler. Debian: apt-get install g++ make python3.'
    const remedy = 'Run: npm install pkcs11js (in a checkout of Pawl: npm start)'
    const problem = `The package pkcs11js is ${isMissing ? 'not installed' : 'broken'}.`
    throw new TokenError('unavailable', `${problem} ${compiler} ${remedy}`)
  }
}
