import { resolve } from 'node:path'
import { type AnyOperation, type ClientOf, type OwnRegistry, type PawlClient, registry, Secret } from '@pawl/core'
import { originOf } from '@pawl/core/surfaces'
import { type Example, examples, testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { isLong } from '../../../../tools/test-run/index.ts'
import { openEditor } from './editor.ts'

// Goal: the generated types say what operations take and answer, no more and no less. Method: the compiler compares them
// with the types of the declarations, and reads what every example asks and gets as a value of the generated types.

const conditions =
  'The declaration takes any object and checks it when it runs; the names in it are in the schema only.'
const credential = 'The declaration takes anything and checks it when it runs.'
const contributed = 'Other areas contribute fields when areas are joined.'
const numbers = 'The declaration takes whole numbers as numbers and as text.'
const version = 'The declaration takes the text of a path as well; over the client it is a number.'

describe('generated types', () => {
  it('are those of the declarations', () => {
    // Another operation whose types differ would have to be named here, with the reason.
    const differing: { readonly [Name in Differing]: string } = {
      'agents.create': contributed,
      'agents.update': contributed,
      'guardrails.replay': contributed,
      'policies.create': conditions,
      'policies.inbound': conditions,
      'policies.list': conditions,
      'policies.preview': conditions,
      'policies.update': conditions,
      'bindings.create': credential,
      'bindings.update': credential,
      'intents.submit': numbers,
      'intents.sign': numbers,
      'intents.signIntent': numbers,
      'intents.simulate': numbers,
      'intents.simulateBundle': numbers,
      'intents.explain': numbers,
      'intents.list': numbers,
      'intents.get': numbers,
      'wallets.send': numbers,
      'treasury.create': numbers,
      'treasury.propose': numbers,
      'secrets.getVersion': version,
      'secrets.disableVersion': version,
    }
    expect(Object.values(differing)).not.toContain('')
  })

  it.runIf(isLong('examples as values of the generated types'))(
    'fit what every example asks, and what it is answered',
    async () => {
      const lines: string[] = []
      for (const [area, verbs] of Object.entries(examples as Examples)) {
        for (const [verb, make] of Object.entries(verbs)) lines.push(...(await statements(area, verb, make)))
      }
      const program = [`import { type PawlClient, Secret } from '@pawl/core'`, ...lines].join('\n')
      expect(lines.length).toBeGreaterThan(100)
      expect(openEditor(resolve(import.meta.dirname, '../../../..')).errors(program)).toEqual([])
    },
  )
})

type Examples = Readonly<Record<string, Readonly<Record<string, (world: World) => Promise<Example>>>>>

/** An example as a program: both its sides must be what the client says. */
async function statements(area: string, verb: string, make: (world: World) => Promise<Example>): Promise<string[]> {
  await using world = await testPawl()
  const { who, input } = await make(world)
  const operation = (registry as Readonly<Record<string, Readonly<Record<string, AnyOperation>>>>)[area]?.[verb]
  if (!operation) throw new Error(`There is no operation ${area}.${verb}.`)
  const output = await world.pawl.perform(operation, input, originOf(who))
  const call = `PawlClient['${area}']['${verb}']`
  return [
    `;(${written(known(operation, input))}) satisfies Parameters<${call}>[0]`,
    `;(${written(output)}) satisfies Awaited<ReturnType<${call}>>`,
  ]
}

/** Examples may share what they give, and an operation takes from it what it knows. */
function known({ input: schema }: AnyOperation, input: Example['input']): Example['input'] {
  const { shape = {} } = schema as { shape?: object }
  return Object.fromEntries(Object.entries(input).filter(([name]) => name in shape))
}

function written(value: unknown): string {
  if (value instanceof Secret) return `Secret.of(${written(value.reveal())})`
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined'
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${JSON.stringify(name)}: ${written(one)}`)
    .join(', ')} }`
}

type Own = ClientOf<OwnRegistry>

/** The names of operations whose two types differ. */
type Differing = {
  [Area in keyof Own]: {
    [Verb in keyof Own[Area]]: Verb extends keyof PawlClient[Area]
      ? Same<SidesOf<Own[Area][Verb]>, SidesOf<PawlClient[Area][Verb]>> extends true
        ? never
        : `${Area}.${Verb & string}`
      : `${Area}.${Verb & string}`
  }[keyof Own[Area]]
}[keyof Own]

type Same<T, U> = [T] extends [U] ? ([U] extends [T] ? true : false) : false

/** What a call takes and answers, with what types of both may say otherwise set aside. */
type SidesOf<Call> = Call extends (input: infer I, ...more: never[]) => Promise<infer O>
  ? { readonly input: Named<NonNullable<I>>; readonly output: Plain<O extends void ? undefined : O> }
  : never

/** Without fields, it takes any: the engine adds those of pages to a list that declares none. */
type Named<I> = string extends keyof I ? object : Plain<I>

type Plain<T> = T extends string | number | boolean | null | undefined | Secret<string>
  ? T
  : T extends readonly (infer E)[]
    ? readonly Plain<E>[]
    : { readonly [Name in keyof T]: Plain<T[Name]> }
