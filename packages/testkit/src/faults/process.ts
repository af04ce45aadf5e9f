import { type Hsm, HsmError, type Mailer, type Storage, StorageUnusable } from '@pawl/core/ports'
import { interceptHsm } from '../wrappers/hsm.ts'
import { type Interceptor, intercept } from '../wrappers/intercept.ts'
import { interceptStorage } from '../wrappers/storage.ts'

/** The ports at whose calls something can go wrong. */
export type Port = 'storage' | 'hsm' | 'keyStores' | 'mailer'

/**
 * What happens at one call. `dies`: the process ends there, before the call had any effect or after it had, and nothing
 * of it is heard again. `fails`: the port says that it is not available; `after`, when only its answer was lost.
 */
export interface Fault {
  readonly port: Port
  /** Which call to the port; the first is 1. */
  readonly at: number
  readonly what: 'dies' | 'fails'
  readonly when: 'before' | 'after'
}

/** The ports of an engine that can die, as a process does: in the middle of anything, and all at once. */
export interface Process {
  readonly ports: Ports
  /** From now on calls are counted, and this happens at one of them. */
  expect(fault: Fault): void
  /** The method at which it happened; null while it did not. */
  readonly struck: string | null
  /** Resolves when the process is dead. */
  readonly death: Promise<void>
  readonly isDead: boolean
  /** Ends the process now, wherever it is. */
  die(): void
  /** The fault is over. */
  recover(): void
}

interface Ports {
  readonly storage: Storage
  readonly hsm: Hsm
  /** The key stores of the organisation. A fault strikes one call to any of them. */
  readonly keyStores: Readonly<Record<string, Hsm>>
  readonly mailer: Mailer
}

const unavailable: Readonly<Record<Port, () => Error>> = {
  storage: () => new StorageUnusable('The storage fails on purpose.'),
  hsm: () => new HsmError('unavailable', 'The HSM fails on purpose.'),
  keyStores: () => new HsmError('unavailable', 'The key store fails on purpose.'),
  mailer: () => new Error('The mail is not taken, on purpose.'),
}

export function mortal(ports: Ports): Process {
  let fault: Fault | null = null
  let calls = 0
  let struck: string | null = null
  let isDead = false
  let announce = () => {}
  const death = new Promise<void>((resolve) => {
    announce = resolve
  })
  const die = () => {
    isDead = true
    announce()
  }

  const handle = <Call extends { readonly method: string }>(port: Port): Interceptor<Call> => {
    return async ({ method }, work) => {
      if (isDead) return silence()
      if (fault?.port !== port || ++calls !== fault.at) {
        const answer = await work()
        return isDead ? silence() : answer
      }
      struck = method
      const { what, when } = fault
      if (when === 'after') await work()
      if (what === 'fails') throw unavailable[port]()
      die()
      return silence()
    }
  }

  return {
    ports: {
      storage: interceptStorage(ports.storage, handle('storage')),
      hsm: interceptHsm(ports.hsm, handle('hsm')),
      keyStores: Object.fromEntries(
        Object.entries(ports.keyStores).map(([name, one]) => [name, interceptHsm(one, handle('keyStores'))]),
      ),
      mailer: intercept(ports.mailer, { send: () => ({}) }, handle('mailer')),
    },
    expect: (given) => {
      fault = given
    },
    get struck() {
      return struck
    },
    death,
    get isDead() {
      return isDead
    },
    die,
    recover: () => {
      fault = null
    },
  }
}

/** A call of a dead process never resolves. */
function silence(): Promise<never> {
  return new Promise(() => {})
}
