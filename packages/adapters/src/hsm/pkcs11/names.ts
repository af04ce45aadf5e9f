import { createHash, randomBytes } from 'node:crypto'
import { CKA, CKO } from './constants.ts'
import { isStale } from './failures.ts'
import type { Template } from './pkcs11js.ts'
import { TokenError } from './protocol.ts'
import type { Handle, Token } from './token.ts'
import { parseUri } from './uri.ts'

/** Under which objects of a token a URI is kept. */
export interface KeyName {
  readonly uri: string
  /** Null if the URI names a key of the operator, which Pawl never makes or destroys. */
  readonly own: { readonly id: Buffer } | null
  readonly template: Template
}

/** A name that is not a `pkcs11:` URI is a name of Pawl. The label of the key is the name, and its CKA_ID is the hash of it. */
export function nameOf(token: Token, uri: string): KeyName {
  if (!uri.startsWith('pkcs11:')) {
    const id = createHash('sha256').update(uri).digest()
    return { uri, own: { id }, template: [{ type: CKA.ID, value: id }] }
  }
  const { token: wanted, object, modulePath, pinSource } = understood(uri)
  if (!(object.label || object.id) || modulePath || pinSource || !token.fits(wanted)) {
    throw new TokenError('key_missing', `${uri} must name a key of the token in use, by object or id.`)
  }
  const classes = { private: CKO.PRIVATE_KEY, 'secret-key': CKO.SECRET_KEY }
  return {
    uri,
    own: null,
    template: [
      ...(object.label ? [{ type: CKA.LABEL, value: object.label }] : []),
      ...(object.id ? [{ type: CKA.ID, value: Buffer.from(object.id) }] : []),
      ...(object.type ? [{ type: CKA.CLASS, value: classes[object.type] }] : []),
    ],
  }
}

function understood(uri: string) {
  try {
    return parseUri(uri)
  } catch (error) {
    throw new TokenError('key_missing', `The key URI is not valid: ${error instanceof Error ? error.message : ''}`)
  }
}

/** The secret and private keys that fit a template. */
export function keysWith(token: Token, template: Template): Handle[] {
  const classes: readonly number[] = [CKO.SECRET_KEY, CKO.PRIVATE_KEY]
  return token.find(template).filter((object) => {
    const objectClass = classOf(token, object)
    return objectClass !== undefined && classes.includes(objectClass)
  })
}

/** A search can find an object that another process has just destroyed. */
function classOf(token: Token, object: Handle): number | undefined {
  try {
    return token.readIf(object, CKA.CLASS)?.readUIntLE(0, 4)
  } catch (error) {
    if (isStale(error)) return undefined
    throw error
  }
}

// A draft of a key has a separate CKA_ID until it becomes the key: see `settle`.

export function draftId(uri: string): Buffer {
  return Buffer.concat([draftMark(uri), randomBytes(16)])
}

export function isDraftId(uri: string, id: Buffer): boolean {
  return id.length === 32 && id.subarray(0, 16).equals(draftMark(uri))
}

function draftMark(uri: string): Buffer {
  return createHash('sha256').update(`a draft of ${uri}`).digest().subarray(0, 16)
}
