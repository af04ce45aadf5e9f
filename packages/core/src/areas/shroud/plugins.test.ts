import { tagged } from '@pawl/testkit/canary'
import { testClassifier, testContentDetector } from '@pawl/testkit/conformance'
import { startFakeModel } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import {
  type Classifier,
  type ClassifierContent,
  type ContentDetector,
  type DetectorHit,
  type Judgement,
  ModelRefused,
  ModelUnavailable,
  modelNamesIn,
  type ShroudPlugins,
} from '../../ports/index.ts'
import { scriptedModel } from '../../ports/reference/index.ts'
import { converse } from './conversation.ts'
import { semanticJudge } from './semantic-judge.ts'

// Goal: a detector, a classifier and a model provider of others work in Shroud like ours, and fail closed (H1). Method: each
// as a plug-in author writes it, with the suites of the testkit, and in requests through a whole engine.

const secret = tagged('a-key-of-the-agent')

const badges = (action: DetectorHit['action'] = 'block'): ContentDetector => ({
  name: 'badges',
  detect: ({ text }) =>
    [...text.matchAll(/\bBADGE-[0-9]{6}\b/g)].map(({ index }) => ({
      ...{ rule: 'badge_number', severity: 'medium', score: 0.8, action },
      ...{ start: index, end: index + 12 },
    })),
})

const rude: Judgement = { rule: 'rude', severity: 'medium', score: 0.9, action: 'block' }

function rudeness(asked: ClassifierContent[] = []): Classifier {
  return {
    name: 'rudeness',
    classify: async (content) => {
      asked.push(content)
      return content.texts.some(({ text }) => text.includes('fool')) ? [rude] : []
    },
  }
}

const judging = (verdict: string | ((text: string) => string)) =>
  scriptedModel(({ messages }) => {
    const text =
      messages
        .at(-1)
        ?.parts.map((part) => (part.type === 'text' ? part.text : ''))
        .join('') ?? ''
    return typeof verdict === 'string' ? verdict : verdict(text)
  })
const topics = {
  deniedTopics: ['medicine'],
  allowedTopics: [],
  allowedTasks: [],
  deniedTasks: [],
  action: 'block',
} as const
const judge = () =>
  semanticJudge({
    model: judging((text) => `{"denied": ${text.includes('dose')}, "outside": false}`),
    name: 'scripted',
  })

testContentDetector(
  'a detector of badges',
  () => ({
    detector: badges(),
    hostile: ['BADGE-123456', 'x BADGE-000001 BADGE-000002'],
    harmless: ['BADGE-12', 'a badge'],
  }),
  { describe, it },
)
testClassifier(
  'a classifier of rudeness',
  () => ({ classifier: rudeness(), hostile: 'You fool.', harmless: 'You genius.' }),
  { describe, it },
)
testClassifier(
  'the semantic judge',
  () => ({ classifier: judge(), hostile: 'Which dose?', harmless: 'Which day?', topics }),
  { describe, it },
)

interface Said {
  readonly status: number
  readonly text: string
}

async function pluggedWorld(shroud: ShroudPlugins, { reply = 'Hello there.', config = {} } = {}) {
  const fake = await startFakeModel({ reply: () => reply })
  const world = await testPawl({ shroud, modelProviders: { openai: fake.url } })
  const vault = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id: vault.id, path: 'key', value: secret })
  await world.owner.secrets.put({
    vault_id: vault.id,
    path: 'providers/openai/api-key',
    value: tagged('key-of-openai'),
  })
  const agent = await world.agent({ vault: vault.id, shroud_enabled: true, shroud_config: config as never })
  const say = async (content: string, more: object = {}): Promise<Said> => {
    const { provider = 'openai', ...fields } = more as { provider?: string }
    const body = { model: 'fake', messages: [{ role: 'user', content }], ...fields } as never
    const input = { path: '/v1/chat/completions', provider, body, headers: {} }
    const answer = await world.pawl.perform(converse, input, { bearer: agent.key })
    let text = ''
    for await (const piece of answer.body) text += piece
    return { status: answer.status, text }
  }
  const close = async () => {
    await world.close()
    await fake.close()
  }
  return { ...world, fake, agent, say, [Symbol.asyncDispose]: close }
}

const heard = ({ fake }: Awaited<ReturnType<typeof pluggedWorld>>) => fake.heard.map(({ body }) => body).join('\n')

describe('a detector of others', () => {
  it('blocks, redacts and warns, in requests and answers, and the operator sees it', async () => {
    await using world = await pluggedWorld({ detectors: [badges('redact')] }, { reply: 'It is BADGE-123456.' })
    expect((await world.say('Is it BADGE-654321?')).text).toContain('It is [REMOVED:badge_number].')
    expect(heard(world)).toContain('Is it [REMOVED:badge_number]?')
    const { detectors } = await world.owner.shroud.threatSummary({})
    expect(detectors.map(({ detector }) => detector)).toContain('plugin:badges')
    const content = 'The badge is BADGE-111111.'
    const inspected = await world.agent.as.shroud.inspectContent({ content })
    expect(inspected.redacted_content).toBe('The badge is [REMOVED:badge_number].')
    await using strict = await pluggedWorld({ detectors: [badges()] })
    await expect(strict.say('Is it BADGE-654321?')).rejects.toMatchObject({ code: 'shroud_blocked' })
    expect(strict.fake.heard).toEqual([])
  })

  it('sees a text without hidden characters, and what is encoded when the agent wants that', async () => {
    await using world = await pluggedWorld(
      { detectors: [badges()] },
      { config: { encoding_detection: { action: 'decode' } } },
    )
    for (const text of ['BADGE-\u200b123456', `Read ${btoa('the number is BADGE-123456, you see')}.`])
      await expect(world.say(text)).rejects.toMatchObject({ code: 'shroud_blocked' })
  })

  const hit: DetectorHit = { rule: 'r', severity: 'low', score: 0.5, start: 0, end: 1, action: 'warn' }
  it.each<readonly [string, () => readonly DetectorHit[]]>([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['answers with a place outside the text', () => [{ ...hit, end: 9_999 }]],
    ['answers with a rule that repeats the text', () => [{ ...hit, rule: 'Hi' }]],
    ['answers with a score that is no number', () => [{ ...hit, score: Number.NaN }]],
    ['answers with nothing at all', () => undefined as never],
  ])('H1: that %s blocks the request', async (_, detect) => {
    await using world = await pluggedWorld(
      { detectors: [{ name: 'broken', detect }] },
      { config: { sanitization_mode: 'warn' } },
    )
    await expect(world.say('Hi')).rejects.toMatchObject({ code: 'shroud_blocked' })
    expect(world.fake.heard).toEqual([])
  })
})

describe('a classifier', () => {
  it('judges requests and answers, whole and streamed, and never gets a secret', async () => {
    const asked: ClassifierContent[] = []
    await using world = await pluggedWorld({ classifiers: [{ classifier: rudeness(asked) }] }, { reply: 'You fool.' })
    await expect(world.say('You fool.')).rejects.toMatchObject({ code: 'shroud_blocked' })
    expect(world.fake.heard).toEqual([])
    await expect(world.say(`Hi ${secret}`)).rejects.toMatchObject({ code: 'shroud_blocked' })
    const { text } = await world.say('Hi', { stream: true })
    expect(text).toContain('"type":"shroud_blocked"')
    expect(asked.length).toBeGreaterThan(3)
    expect(JSON.stringify(asked)).not.toContain(secret)
    const { events } = await world.owner.shroud.listActivity({ action: 'blocked' })
    expect(events.map(({ policy_violations }) => policy_violations)).toEqual([
      ['plugin:rudeness'],
      ['plugin:rudeness'],
      ['shroud_blocked', 'plugin:rudeness'],
    ])
  })

  it('holds the words of a stream back until it has judged them, where the agent wants that', async () => {
    const config = { streaming_inspection_mode: 'holdback', streaming_holdback_chars: 64 }
    await using world = await pluggedWorld(
      { classifiers: [{ classifier: rudeness() }] },
      { reply: 'You are a fool.', config },
    )
    const { text } = await world.say('Hi', { stream: true })
    expect(text).not.toContain('You')
  })

  it('judges any text for an agent that asks', async () => {
    await using world = await pluggedWorld({ classifiers: [{ classifier: rudeness() }] })
    const { threats } = await world.agent.as.shroud.inspectContent({ content: 'You fool.' })
    expect(threats).toContainEqual(expect.objectContaining({ type: 'plugin:rudeness', pattern: 'rude' }))
  })

  const failing: Readonly<Record<string, Classifier['classify']>> = {
    'never answers': () => new Promise(() => {}),
    'throws at once': () => {
      throw new Error('broken')
    },
    rejects: () => Promise.reject(new Error('broken')),
    'answers with no list': () => Promise.resolve(null as never),
    'answers with a rule that is a text': () => Promise.resolve([{ ...rude, rule: 'You fool.' }]),
  }
  it.each(Object.entries(failing))(
    'H1: that %s blocks, or lets pass with a mark where the operator chose that',
    async (_, classify) => {
      const classifier = { name: 'broken', classify }
      await using closed = await pluggedWorld({ classifiers: [{ classifier, timeoutMs: 5 }] })
      await expect(closed.say('Hi')).rejects.toMatchObject({ code: 'shroud_blocked' })
      expect(closed.fake.heard).toEqual([])
      await using open = await pluggedWorld({ classifiers: [{ classifier, timeoutMs: 5, onFailure: 'warn' }] })
      expect((await open.say('Hi')).text).toContain('Hello there.')
      const { events } = await open.owner.shroud.listActivity({ action: 'warned' })
      expect(events.map(({ policy_violations }) => policy_violations)).toEqual([['plugin:broken']])
    },
  )
})

describe('the semantic judge', () => {
  const semantic_policy = { denied_topics: ['medicine'], action: 'block' }

  it('blocks by the policy of the agent, and asks nothing for an agent without one', async () => {
    const model = judging('{"denied": true, "outside": false}')
    const classifiers = [{ classifier: semanticJudge({ model, name: 'scripted' }) }]
    await using world = await pluggedWorld({ classifiers }, { config: { semantic_policy } })
    await expect(world.say('How much of it may a child get?')).rejects.toMatchObject({ code: 'shroud_blocked' })
    expect(JSON.stringify(model.asked)).toContain('medicine')
    await using other = await pluggedWorld({ classifiers })
    const before = model.asked.length
    await other.say('How much of it may a child get?')
    expect(model.asked.length).toBe(before)
  })

  it.each(['', 'I cannot say.', '{"denied": "no"}', '{"denied": false'])(
    'H1: blocks when the model says %j',
    async (said) => {
      const classifier = semanticJudge({ model: judging(said), name: 'scripted' })
      await using world = await pluggedWorld({ classifiers: [{ classifier }] }, { config: { semantic_policy } })
      await expect(world.say('Hi')).rejects.toMatchObject({ code: 'shroud_blocked' })
    },
  )
})

describe('a model provider of others', () => {
  const mine = { provider: 'mine', stream: false }

  it('answers chat completions, whole and streamed, with tools and its own key', async () => {
    const calls = [{ tool: 'look_up', input: { day: 'May' } }]
    const model = scriptedModel(() => ({ text: `It is ${secret}.`, calls }), { provider: 'mine', models: ['fake'] })
    await using world = await pluggedWorld({ models: [model] })
    const tools = [
      { type: 'function', function: { name: 'look_up', description: 'Looks up', parameters: { type: 'object' } } },
    ]
    const { status, text } = await world.say(`Use ${secret}`, { ...mine, tools })
    const { choices, usage } = JSON.parse(text)
    expect([status, choices[0].finish_reason]).toEqual([200, 'tool_calls'])
    expect(choices[0].message.content).toMatch(/^It is \[REDACTED:#[0-9a-f]{8}\]\.$/)
    expect(choices[0].message.tool_calls[0].function).toEqual({ name: 'look_up', arguments: '{"day":"May"}' })
    expect(usage.total_tokens).toBeGreaterThan(0)
    expect(JSON.stringify(model.asked)).not.toContain(secret)
    expect(model.asked[0]).toMatchObject({ model: 'fake', tools: [{ name: 'look_up' }] })
    const streamed = (await world.say('Hi', { ...mine, stream: true, tools })).text
    expect(streamed).toMatch(/"tool_calls":\[\{"index":0,"id":"call_1"/)
    expect(streamed).toMatch(/data: \[DONE\]\n\n$/)
    expect(streamed).not.toContain(secret)
    expect(world.fake.heard).toEqual([])
    const { events } = await world.owner.shroud.listActivity({})
    expect(events.map(({ provider }) => provider)).toEqual(['mine', 'mine'])
  })

  it('gets the whole conversation, also what tools answered', async () => {
    const model = scriptedModel(['Done.'], { provider: 'mine' })
    await using world = await pluggedWorld({ models: [model] })
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look ' },
          { type: 'text', text: 'it up.' },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'found' },
    ]
    await world.say('', { ...mine, messages, max_tokens: 7 })
    expect(model.asked[0]).toMatchObject({
      outputTokensMax: 7,
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'Look it up.' }] },
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c', tool: 'f', input: { a: 1 } }] },
        { role: 'user', parts: [{ type: 'tool_result', id: 'c', text: 'found' }] },
      ],
    })
  })

  it('tells what will never work from what may work later, without its words', async () => {
    const failures = [new ModelRefused(`bad ${secret}`), new ModelUnavailable(`busy ${secret}`, 3)]
    const model = scriptedModel(
      () => {
        throw failures.shift()
      },
      { provider: 'mine' },
    )
    await using world = await pluggedWorld({ models: [model] })
    const answers = [await world.say('Hi', mine), await world.say('Hi', mine)]
    expect(answers.map(({ status }) => status)).toEqual([400, 503])
    expect(JSON.stringify(answers)).not.toContain(secret)
  })

  it('has no images, no second answer, and no other dialect', async () => {
    await using world = await pluggedWorld({ models: [scriptedModel(['Hi.'], { provider: 'mine' })] })
    const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://i.example/' } }] }]
    await expect(world.say('', { ...mine, messages: image })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(world.say('Hi', { ...mine, n: 2 })).rejects.toMatchObject({ kind: 'invalid' })
    const input = { path: '/v1/responses', provider: 'mine', body: { model: 'fake', input: 'Hi' }, headers: {} }
    await expect(world.pawl.perform(converse, input, { bearer: world.agent.key })).rejects.toMatchObject({
      code: 'no_client_pool',
    })
  })
})

describe('plug-ins', () => {
  it('have names that are short and their own', async () => {
    expect(() => modelNamesIn({ detectors: [{ ...badges(), name: 'Bad Name' }] })).toThrow('lowercase')
    // No name can be a path, and Pawl loads no plug-in by its name (I18).
    for (const name of ['../../bin/x', 'a/b', 'a\\b', '.', 'a.js', 'x\0']) {
      expect(() => modelNamesIn({ models: [scriptedModel([], { provider: name })] }), name).toThrow('lowercase')
    }
    expect(() => modelNamesIn({ detectors: [badges(), badges()] })).toThrow('badges')
    expect(() => modelNamesIn({ classifiers: [{ classifier: rudeness() }, { classifier: rudeness() }] })).toThrow(
      'rudeness',
    )
  })
})
