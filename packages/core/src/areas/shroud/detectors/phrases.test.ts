import { corpora } from '@pawl/testkit/vectors/shroud'
import { describe, expect, it } from 'vitest'
import { instructionOverride, promptExtraction, roleManipulation } from './injection-phrases.ts'
import { PhraseSet, wordsOf } from './phrases.ts'

const rules = [roleManipulation, instructionOverride, promptExtraction]
const prompts = Object.values(corpora).flatMap(({ hostile = [], harmless = [] }) => [...hostile, ...harmless])

describe('a set of phrases that all agents share', () => {
  it('finds what a set of one agent finds', () => {
    const [shared, own] = [PhraseSet.shared(rules), new PhraseSet(rules)]
    let found = 0
    for (const prompt of prompts) {
      const words = wordsOf(prompt.toLowerCase())
      const hits = own.find(words)
      expect(shared.find(words), prompt).toEqual(hits)
      found += hits.length
    }
    expect(found).toBeGreaterThan(100)
  })

  it('knows words that were read before it was made', () => {
    const rule = { ...roleManipulation, phrases: [['zyzzyva', 'qoph']] }
    const text = 'a zyzzyva qoph'
    expect(PhraseSet.shared([roleManipulation]).find(wordsOf(text))).toEqual([])
    expect(PhraseSet.shared([rule]).find(wordsOf(text))).toHaveLength(1)
  })
})

it('words are told apart although their hashes are the same', () => {
  // 31 * 97 + 110 = 31 * 99 + 48.
  for (const text of ['an c0', 'c0 an']) {
    expect(wordsOf(text).all.map((word) => word.text)).toEqual(text.split(' '))
  }
})
