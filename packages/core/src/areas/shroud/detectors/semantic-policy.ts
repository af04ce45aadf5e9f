import type { Detector, Hit } from './detector.ts'
import { type Phrase, PhraseSet } from './phrases.ts'
import { wordsOfTopic } from './topics.ts'

/** Knows topics and tasks by their words. It says what a text is about, not what it means. */
export const semanticPolicy: Detector = {
  name: 'semantic_policy',
  isOn: ({ semantic: { isOn } }) => isOn,
  detect: ({ words, part, shadow }, { semantic }) => {
    if (part.role === 'system' || part.role === 'tool') return []
    const { action } = semantic
    const hits: Hit[] = []
    const add = (rule: string, message: string, start: number, end: number) =>
      hits.push({ rule, severity: 'medium', score: 0.6, message, start, end, action, marker: null })
    for (const [list, what] of [
      [semantic.deniedTopics, 'topic'],
      [semantic.deniedTasks, 'task'],
    ] as const) {
      const found = list.length > 0 ? phrasesOf(list).find(words)[0] : undefined
      if (found) add(`denied_${what}`, `The text is about a ${what} that the settings deny.`, found.start, found.end)
    }
    const isLong = words.all.length >= wordsMin
    for (const [list, what] of [
      [semantic.allowedTopics, 'topic'],
      [semantic.allowedTasks, 'task'],
    ] as const) {
      if (list.length > 0 && isLong && phrasesOf(list).find(words).length === 0)
        add(`no_allowed_${what}`, `The text is about no ${what} that the settings allow.`, 0, shadow.text.length)
    }
    return hits
  },
}

/** Shorter texts, such as thanks, are about nothing. */
const wordsMin = 5

const known = new WeakMap<readonly string[], PhraseSet>()

function phrasesOf(topics: readonly string[]): PhraseSet {
  const made = known.get(topics) ?? new PhraseSet([{ ...topicRule, phrases: topics.flatMap(phrasesOfTopic) }])
  known.set(topics, made)
  return made
}

const topicRule = { name: 'topic', severity: 'medium', score: 0.6, message: '' } as const

function phrasesOfTopic(topic: string): Phrase[] {
  return wordsOfTopic(topic).map((words) => words.split(' '))
}
