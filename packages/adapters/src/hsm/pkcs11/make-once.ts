import { setTimeout as sleep } from 'node:timers/promises'
import { CKA } from './constants.ts'
import { isStale } from './failures.ts'
import { isDraftId, keysWith } from './names.ts'
import type { Handle, Token } from './token.ts'

// Many processes may want the same key at once, and a token has no "make unless it is there". So a key is made as a
// draft, under a CKA_ID of its own, and becomes the key when its CKA_ID is changed to that of the URI. A process does so
// only if it looked after its draft was there, and saw neither the key nor another draft.
//
// Two cannot both do so. Each put up its draft before it looked; so the one that looked last saw the draft of the other,
// or the key that the draft had become. Nothing here depends on time: a process may stop at any point, for ever.
//
// When drafts meet, the lowest CKA_ID stays and the others are withdrawn, so one of them gets on. A draft that stays and
// does not become the key belongs to a process that died: it is destroyed by whoever waits. Should its maker be alive
// after all, his change of the CKA_ID fails, because there is no such object any more, and he begins again. All this
// needs of a token is that each call takes effect at one moment for all of its users.

const patienceMs = 1_500
const pollMs = 15

export interface Draft {
  readonly id: Buffer
  readonly key: Handle
  readonly publicKey: Handle | null
}

/** Makes the key of a URI with this CKA_ID, unless there is one. */
export async function makeOnce(token: Token, uri: string, id: Buffer, draft: () => Draft): Promise<void> {
  let mine: Draft | null = null
  let patientUntil = performance.now() + patienceMs
  try {
    for (;;) {
      const { isMade, rivals } = look(token, uri, id, mine)
      if (isMade) return
      if (rivals.length === 0) {
        if (!mine) mine = draft()
        else if (becomes(token, mine, id)) mine = null
        else mine = withdrawn(token, mine)
        continue
      }
      if (performance.now() > patientUntil) {
        for (const { key } of rivals) destroyIfThere(token, key)
        patientUntil = performance.now() + patienceMs
      }
      if (mine && rivals.some((rival) => Buffer.compare(rival.id, (mine as Draft).id) < 0))
        mine = withdrawn(token, mine)
      await sleep(pollMs * (1 + Math.random()))
    }
  } finally {
    if (mine) withdrawn(token, mine)
  }
}

interface Seen {
  readonly isMade: boolean
  readonly rivals: readonly { readonly id: Buffer; readonly key: Handle }[]
}

/** Drafts and the key have the same label, so that one search finds whatever of them there is. */
function look(token: Token, uri: string, id: Buffer, mine: Draft | null): Seen {
  const found = keysWith(token, [{ type: CKA.LABEL, value: uri }]).flatMap((key) => {
    const seen = idOf(token, key)
    return seen ? [{ id: seen, key }] : []
  })
  return {
    isMade: found.some((one) => one.id.equals(id)),
    rivals: found.filter((one) => isDraftId(uri, one.id) && !(mine && one.id.equals(mine.id))),
  }
}

function idOf(token: Token, key: Handle): Buffer | null {
  try {
    return token.readIf(key, CKA.ID)
  } catch (error) {
    if (isStale(error)) return null
    throw error
  }
}

function becomes(token: Token, { key, publicKey }: Draft, id: Buffer): boolean {
  try {
    token.rename(key, id)
  } catch (error) {
    if (isStale(error)) return false
    throw error
  }
  // The public half is found by its label and by what it verifies; the CKA_ID is for other programs.
  if (publicKey) ignoreStale(() => token.rename(publicKey, id))
  return true
}

function withdrawn(token: Token, { key, publicKey }: Draft): null {
  destroyIfThere(token, key)
  if (publicKey) destroyIfThere(token, publicKey)
  return null
}

export function destroyIfThere(token: Token, object: Handle): void {
  ignoreStale(() => token.destroy(object))
}

function ignoreStale(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!isStale(error)) throw error
  }
}
