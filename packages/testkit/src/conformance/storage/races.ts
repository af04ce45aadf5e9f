import type { StorageConflict, Write } from '@pawl/core/ports'
import { check } from '../asserts.ts'
import {
  type Case,
  equal,
  ids,
  key,
  type OpenedStorage,
  put,
  ref,
  refusedFor,
  reopened,
  stored,
  versions,
} from './words.ts'

const twenty = Array.from({ length: 20 }, (_, at) => at)

/** Twenty at once; from two sides when others may write to the store too. */
async function race(opened: OpenedStorage, batchOf: (at: number) => readonly Write[]) {
  const { storage, again } = opened
  const other = again && !storage.exclusive ? await reopened(opened) : null
  const outcomes = await Promise.allSettled(
    twenty.map((at) => (at % 4 > 1 && other ? other : storage).commit(batchOf(at))),
  )
  await other?.close()
  return outcomes
}

/** The number of the only winner; all others were refused for this reason. */
function winnerOf(outcomes: readonly PromiseSettledResult<void>[], reason: StorageConflict['reason']): number {
  equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1, 'the number of winners')
  for (const lost of outcomes) if (lost.status === 'rejected') refusedFor(lost.reason, reason)
  return outcomes.findIndex(({ status }) => status === 'fulfilled')
}

export const races: readonly Case[] = [
  [
    'lets exactly one of many racing creators win',
    async (storage, opened) => {
      const winner = winnerOf(await race(opened, (at) => [put('a', { version: `v${at}`, body: [at] })]), 'stale')
      equal(await storage.get([ref('a')]), [stored('a', { version: `v${winner}`, body: [winner] })])
    },
  ],

  [
    'lets exactly one of many racing changes win',
    async (storage, opened) => {
      await storage.commit([put('a')])
      const winner = winnerOf(await race(opened, (at) => [put('a', { expect: 'a1', version: `v${at}` })]), 'stale')
      equal(await versions(storage, [ref('a')]), [`v${winner}`])
    },
  ],

  [
    'lets exactly one of many racing claims of a key win',
    async (storage, opened) => {
      const winner = winnerOf(await race(opened, (at) => [put(`r${at}`, { keys: [key('k')] })]), 'taken')
      equal(await ids(storage), [`r${winner}`])
    },
  ],

  [
    'lets every one of many racing creators of different records win',
    async (storage, opened) => {
      const outcomes = await race(opened, (at) => [put(`r${at}`, { keys: [key(`k${at}`)] })])
      check(
        outcomes.every(({ status }) => status === 'fulfilled'),
        'a write was refused that conflicts with no other',
      )
      equal((await ids(storage)).length, 20)
    },
  ],

  [
    'never lets two racing batches each change what the other checked',
    async (storage, opened) => {
      await storage.commit([put('a'), put('b')])
      const outcomes = await race(opened, (at) => {
        const [mine, yours] = at % 2 === 0 ? ['a', 'b'] : ['b', 'a']
        const checked: Write = { op: 'check', ...ref(yours as string), expect: `${yours}1` }
        return [checked, put(mine as string, { expect: `${mine}1`, version: `v${at}` })]
      })
      winnerOf(outcomes, 'stale')
    },
  ],

  [
    'never lets two racing batches each create what the other found missing',
    async (storage, opened) => {
      const outcomes = await race(opened, (at) => {
        const [mine, yours] = at % 2 === 0 ? ['a', 'b'] : ['b', 'a']
        const checked: Write = { op: 'check', ...ref(yours as string), expect: null }
        return [checked, put(mine as string, { version: `v${at}` })]
      })
      const winner = winnerOf(outcomes, 'stale')
      equal(
        await versions(storage, [ref('a'), ref('b')]),
        winner % 2 === 0 ? [`v${winner}`, null] : [null, `v${winner}`],
      )
    },
  ],
]
