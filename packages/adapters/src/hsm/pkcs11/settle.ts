import { setTimeout as sleep } from 'node:timers/promises'
import { CKA } from './constants.ts'
import { isStale } from './failures.ts'
import { isDraftId, keysWith } from './names.ts'
import type { Handle, Token } from './token.ts'

// Many processes may want the same key at once, and a token has no "make unless it is there". So a key is made as a
// draft, under a CKA_ID of its own, and becomes the key when its CKA_ID is changed to that of the URI. A process does that
// only if it looked after the draft was there, and saw neither the key nor another draft.
//
// Two cannot both do so. Each draft was there before its maker looked; so the one that looked last saw the other draft, or
// the key that it had become. Nothing here depends on time: a process may stop at any point, for ever.
//
// When drafts meet, the lowest CKA_ID stays and the others are withdrawn, so one of them gets on. A draft that stays and
// does not become the key belongs to a process that died: a process that waits destroys it. If its maker is alive after
// all, the change of the CKA_ID fails, because the object no longer exists, and the maker begins again.
//
// All this needs a process that looks to see every object. SoftHSM2 does not promise that to a process that has just made
// or destroyed an object: its own change hides what others changed shortly before. So drafts are made by one process and
// settled by another, a witness, which is not used again once it has destroyed something.

const patienceMs = 1_500
const pollMs = 15

/** Makes the draft the key, or withdraws it. Answers whether this process may go on as a witness. */
export async function settle(token: Token, uri: string, id: Buffer, draftId: Buffer): Promise<boolean> {
  const patientUntil = performance.now() + patienceMs
  let isWitness = true
  const destroy = (draft: Buffer) => {
    isWitness = false
    destroyDraft(token, draft)
  }
  for (;;) {
    const { isMade, drafts } = look(token, uri, id)
    const isUp = drafts.some((one) => one.equals(draftId))
    const rivals = drafts.filter((one) => !one.equals(draftId))
    if (!isMade && isUp && rivals.length === 0 && isWitness) {
      becomes(token, draftId, id)
      return isWitness
    }
    const isLate = performance.now() > patientUntil
    if (isLate && !isMade) for (const rival of rivals) destroy(rival)
    const isLower = rivals.some((rival) => Buffer.compare(rival, draftId) < 0)
    if (isUp && (isMade || isLate || isLower)) destroy(draftId)
    if (isMade || isLate || rivals.length === 0) return isWitness
    await sleep(pollMs * (1 + Math.random()))
  }
}

/** Drafts and the key have the same label, so one search finds all of them. */
function look(token: Token, uri: string, id: Buffer) {
  const ids = keysWith(token, [{ type: CKA.LABEL, value: uri }]).flatMap((key) => idOf(token, key) ?? [])
  return { isMade: ids.some((one) => one.equals(id)), drafts: ids.filter((one) => isDraftId(uri, one)) }
}

function idOf(token: Token, key: Handle): Buffer | null {
  try {
    return token.readIf(key, CKA.ID)
  } catch (error) {
    if (isStale(error)) return null
    throw error
  }
}

/** The key first: that is the moment in which it is made. */
function becomes(token: Token, draftId: Buffer, id: Buffer): void {
  const named = [{ type: CKA.ID, value: draftId }]
  const [key] = keysWith(token, named)
  const halves = token.find(named)
  try {
    for (const object of key ? [key, ...halves.filter((half) => !half.equals(key))] : []) {
      if (!ifThere(() => token.rename(object, id))) return
    }
  } catch (error) {
    destroyDraft(token, draftId)
    throw error
  }
}

/** With both halves, when there are two. */
export function destroyDraft(token: Token, draftId: Buffer): void {
  for (const object of token.find([{ type: CKA.ID, value: draftId }])) destroyIfThere(token, object)
}

export function destroyIfThere(token: Token, object: Handle): void {
  ifThere(() => token.destroy(object))
}

function ifThere(work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (isStale(error)) return false
    throw error
  }
}
