import type { Classifier, ContentDetector, DetectorHit, Judgement } from '@pawl/core/ports'
import { describe, expect, it } from 'vitest'
import type { Runner } from '../../src/conformance/asserts.ts'
import { testClassifier, testContentDetector } from '../../src/conformance/shroud.ts'
import { casesOf } from './cases.ts'

// Goal: the suites for plug-ins of Shroud find what is wrong. Method: a plug-in that is right, with one thing broken in it.

const badge = /BADGE-[0-9]{6}/g
const hitAt = (index: number): DetectorHit => ({
  ...{ rule: 'badge_number', severity: 'medium', score: 0.8, action: 'redact' },
  ...{ start: index, end: index + 12 },
})
const detect: ContentDetector['detect'] = ({ text }) => Array.from(text.matchAll(badge), ({ index }) => hitAt(index))

const onDetector = (run: Runner, broken: Partial<ContentDetector>) =>
  testContentDetector(
    'badges',
    () => ({ detector: { name: 'badges', detect, ...broken }, hostile: ['BADGE-123456'], harmless: ['BADGE-1'] }),
    run,
  )

const rude: Judgement = { rule: 'rude', severity: 'high', score: 0.9, action: 'block' }
const classify: Classifier['classify'] = async ({ texts }) =>
  texts.some(({ text }) => /fool/.test(text)) ? [rude] : []

const onClassifier = (run: Runner, broken: Partial<Classifier>) =>
  testClassifier(
    'rudeness',
    () => ({ classifier: { name: 'rudeness', classify, ...broken }, hostile: 'You fool.', harmless: 'Hello.' }),
    run,
  )

const named = 'has a name of lowercase letters, digits and underscores'
const finds = 'finds something in hostile texts, and nothing in harmless ones'
const judges = 'judges a hostile text, and has nothing to say about a harmless one'

const faults: readonly (readonly [what: string, test: (run: Runner) => void, foundBy: string])[] = [
  ['a detector with a name of words', (run) => onDetector(run, { name: 'My badges' }), named],
  ['a detector that finds nothing', (run) => onDetector(run, { detect: () => [] }), finds],
  ['a detector that finds everything', (run) => onDetector(run, { detect: () => [{ ...hitAt(0), end: 0 }] }), finds],
  [
    'a detector that counts from its own start',
    (run) => onDetector(run, { detect: (asked) => detect(asked).map((hit) => ({ ...hit, end: hit.end + 100 })) }),
    'gives places within the text, and rules that do not repeat it',
  ],
  [
    'a detector whose rule is the text',
    (run) =>
      onDetector(run, {
        detect: (asked) => detect(asked).map((hit) => ({ ...hit, rule: asked.text.slice(hit.start, hit.end) })),
      }),
    'gives places within the text, and rules that do not repeat it',
  ],
  [
    'a detector whose pattern remembers its place',
    (run) => {
      const remembers = /BADGE-[0-9]{6}/g
      onDetector(run, { detect: ({ text }) => (remembers.test(text) ? [{ ...hitAt(0), end: 0 }] : []) })
    },
    'says the same about a text each time, whatever it saw before',
  ],
  [
    'a detector that reads arguments as JSON',
    (run) => onDetector(run, { detect: (asked) => (asked.tool ? JSON.parse(asked.text) : detect(asked)) }),
    'reads a text of any kind, and leaves what it is asked alone',
  ],
  [
    'a detector that does not read to the end',
    (run) =>
      onDetector(run, {
        detect: (asked) => {
          if (asked.text.length > 100_000) throw new RangeError('too long')
          return detect(asked)
        },
      }),
    'reads a long text',
  ],
  ['a classifier with a name of words', (run) => onClassifier(run, { name: 'Is it rude?' }), named],
  ['a classifier that is always happy', (run) => onClassifier(run, { classify: async () => [] }), judges],
  ['a classifier that is never happy', (run) => onClassifier(run, { classify: async () => [rude] }), judges],
  [
    'a classifier with a score of percents',
    (run) =>
      onClassifier(run, { classify: async (asked) => (await classify(asked)).map((one) => ({ ...one, score: 90 })) }),
    judges,
  ],
  [
    'a classifier that reads the first text',
    (run) => onClassifier(run, { classify: (asked) => classify({ ...asked, texts: asked.texts.slice(0, 1) }) }),
    'finds the hostile text among others, and nothing in nothing',
  ],
  [
    'a classifier that remembers one request',
    (run) => {
      let latest: Parameters<Classifier['classify']>[0]
      const remembering: Classifier['classify'] = async (asked) => {
        latest = asked
        await Promise.resolve()
        return classify(latest)
      }
      onClassifier(run, { classify: remembering })
    },
    'keeps calls that come at once apart',
  ],
]

describe('the suites for plug-ins of Shroud', () => {
  it.each(faults)('find %s', async (_, test, foundBy) => {
    await expect(casesOf(test).get(foundBy)?.()).rejects.toThrow()
  })
})
