import { type Engine, inTime } from '../../operations/index.ts'
import type { ClassifierChoice, ClassifierContent, Judgement, Topics } from '../../ports/shroud.ts'
import { ruleShape, severities } from './detectors/plugins.ts'
import type { ShroudSettings } from './settings.ts'
import type { Action, Direction, Finding, Part } from './verdict.ts'

// Asks the classifiers of plug-ins. They get texts after the redaction, and never a known secret. They may call services, so each
// has a time limit, and one that fails refuses the text unless the operator has chosen otherwise.

const timeoutMsDefault = 2_000

export interface ToClassify {
  readonly parts: readonly Part[]
  readonly direction: Direction
  readonly settings: ShroudSettings
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal | undefined
}

/**
 * The findings of all classifiers. It never rejects: a classifier that fails is a finding.
 *
 * @example
 * const findings = await classify(engine, { parts, direction: 'request', settings, signal: undefined })
 */
export async function classify(engine: Pick<Engine, 'shroud' | 'log'>, asked: ToClassify): Promise<readonly Finding[]> {
  const { classifiers = [] } = engine.shroud
  if (classifiers.length === 0 || asked.parts.length === 0) return []
  const found = await Promise.all(classifiers.map((choice) => findingsOf(engine, choice, asked)))
  return found.flat()
}

async function findingsOf(
  { log }: Pick<Engine, 'log'>,
  { classifier, timeoutMs = timeoutMsDefault, onFailure = 'block' }: ClassifierChoice,
  { parts, direction, settings, signal }: ToClassify,
): Promise<Finding[]> {
  const late = AbortSignal.timeout(timeoutMs)
  const content: ClassifierContent = {
    texts: parts.map(({ text, role, tool }) => ({ text, role, tool, direction })),
    topics: topicsOf(settings),
    signal: signal ? AbortSignal.any([late, signal]) : late,
  }
  const name = `plugin:${classifier.name}` as const
  try {
    const judgements = await inTime(classifier.classify(content), timeoutMs)
    return judgements.map((one) => findingOf(name, checked(one), actionOf(one.action, settings)))
  } catch {
    // Without the error, because it can contain the text.
    log('warn', 'a classifier failed or was too slow', { classifier: classifier.name, action: onFailure })
    return [findingOf(name, failed, onFailure)]
  }
}

function topicsOf({ semantic }: ShroudSettings): Topics | null {
  if (!semantic.isOn) return null
  const { allowedTopics, deniedTopics, allowedTasks, deniedTasks, action } = semantic
  return { allowedTopics, deniedTopics, allowedTasks, deniedTasks, action: action === 'block' ? 'block' : 'warn' }
}

function checked(judgement: Judgement): Judgement {
  const { rule, severity, score, action } = judgement
  const isKnown = severities.has(severity) && (action === 'warn' || action === 'block')
  if (!ruleShape.test(rule) || !(score >= 0 && score <= 1) || !isKnown)
    throw new TypeError('A classifier returned an invalid judgement. Check rule, severity, score and action.')
  return judgement
}

function actionOf(action: Judgement['action'], { mode }: ShroudSettings): Action {
  return mode === 'warn' ? 'warn' : action
}

const failed: Judgement = { rule: 'classifier_failed', severity: 'critical', score: 1, action: 'block' }

function findingOf(detector: `plugin:${string}`, { rule, severity, score }: Judgement, action: Action): Finding {
  const message =
    rule === failed.rule
      ? 'A classifier failed or was too slow.'
      : `The ${detector.replace(':', ' ')} has judged the text.`
  return { detector, rule, severity, score, part: 0, start: 0, end: 0, action, message }
}
