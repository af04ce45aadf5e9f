import type { Tool } from '@modelcontextprotocol/server'
import type { AnyOperation, Registry } from '@pawl/core'
import { operationsOf } from '@pawl/core/surfaces'
import { jsonSchemaOf, propertiesOf } from '../derive/json-schema.ts'

type AnyTool = NonNullable<AnyOperation['tools']>[number]

/** A tool as the client sees it, and its operation. */
export interface OfferedTool {
  readonly tool: AnyTool
  readonly operation: AnyOperation
  readonly shown: ShownTool
  /** Whether the operation needs a vault. */
  readonly needsVault: boolean
  /** Whether the model can name the vault as `vault`. */
  readonly takesVault: boolean
}

type ShownTool = Required<Pick<Tool, 'name' | 'description' | 'inputSchema' | 'annotations'>>

/** Every tool of a registry, by its name. */
export function toolsOf(registry: Registry): ReadonlyMap<string, OfferedTool> {
  const offered = operationsOf(registry).flatMap((operation) =>
    (operation.tools ?? []).map((tool): [string, OfferedTool] => [tool.name, offer(tool, operation)]),
  )
  return new Map(offered)
}

function offer(tool: AnyTool, operation: AnyOperation): OfferedTool {
  const { name, summary: description } = tool
  const needsVault = 'vault_id' in propertiesOf(jsonSchemaOf(operation.input, 'input'))
  const own = argumentsOf(tool, operation)
  const takesVault = needsVault && !['vault', 'vault_id'].some((field) => field in (own.properties ?? {}))
  return {
    tool,
    operation,
    shown: {
      ...{ name, description, annotations: hintsOf(operation) },
      inputSchema: takesVault ? { ...own, properties: { ...own.properties, vault: vaultArgument } } : own,
    },
    ...{ needsVault, takesVault },
  }
}

/** The argument lets a model work in a vault that it has just made. */
const vaultArgument = { type: 'string', description: 'Name or ID of the vault. Default: the vault of the session.' }

/** The vault comes from the session. An argument that is not declared is refused, because the model expects an effect of it. */
function argumentsOf({ input }: AnyTool, operation: AnyOperation): ShownTool['inputSchema'] {
  const schema = jsonSchemaOf(input ?? operation.input, 'input')
  const { vault_id, ...others } = propertiesOf(schema)
  const properties = input && vault_id ? { vault_id, ...others } : others
  const required = (schema.required ?? []).filter((field) => field in properties)
  const closed = schema.properties && schema.additionalProperties === undefined
  const shown = {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(closed ? { additionalProperties: false } : {}),
    ...(schema.$defs ? { $defs: schema.$defs } : {}),
  }
  return shown as ShownTool['inputSchema']
}

/** A POST only adds. Clients ask a human before a tool destroys something. */
function hintsOf({ effect, http }: AnyOperation): ShownTool['annotations'] {
  const reads = effect === 'read'
  return {
    readOnlyHint: reads,
    destructiveHint: !reads && http?.method !== 'POST',
    idempotentHint: reads || http?.method === 'DELETE',
  }
}
