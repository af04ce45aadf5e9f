import type { AnyOperation, Registry } from '@pawl/core'
import type { Example } from '../world/examples/example.ts'
import type { World } from '../world/world.ts'

/** A call that something goes wrong at, and the world it is made in. */
export interface Scenario {
  readonly name: string
  readonly operation: AnyOperation
  readonly example: (world: World) => Promise<Example>
  /** The call takes the only item, so the engine refuses a second call. */
  readonly takesTheLast?: true
}

export type Examples = Readonly<Record<string, Readonly<Record<string, (world: World) => Promise<Example>>>>>

/** Every operation that has an example. */
export function scenariosOf(registry: Registry, examples: Examples): Scenario[] {
  return Object.entries(registry).flatMap(([area, verbs]) =>
    Object.entries(verbs).flatMap(([verb, operation]) => {
      const example = examples[area]?.[verb]
      return example ? [{ name: operation.name, operation, example }] : []
    }),
  )
}
