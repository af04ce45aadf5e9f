import { resolve } from 'node:path'
import ts from 'typescript-5'

/** An error as its definition in the code has it. */
export interface DefinedError {
  readonly code: string
  readonly kind: string
  readonly description: string
  /** What is known beside the code, by name, as types of TypeScript. */
  readonly data: Readonly<Record<string, string>>
}

/**
 * Every call of `defineError` in core, by code. What an error brings along is a type and nothing that runs, so the sources
 * are read.
 */
export function errorDefinitions(root: string): DefinedError[] {
  const program = programOf(resolve(root, 'packages/core/tsconfig.json'))
  const checker = program.getTypeChecker()
  const found: DefinedError[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'defineError') found.push(defined(node, checker))
    ts.forEachChild(node, visit)
  }
  for (const file of program.getSourceFiles()) if (!file.isDeclarationFile) visit(file)
  return onePerCode(found).sort((one, other) => (one.code < other.code ? -1 : 1))
}

/** A code may be defined twice, with a text for each place where it is raised. It is one error all the same. */
function onePerCode(found: readonly DefinedError[]): DefinedError[] {
  const known = new Map<string, DefinedError>()
  for (const error of found) {
    const before = known.get(error.code) ?? error
    if (before.kind !== error.kind) throw new Error(`${error.code} is of two kinds.`)
    known.set(error.code, before.description === '' ? error : before)
  }
  return [...known.values()]
}

function programOf(config: string): ts.Program {
  const { config: read } = ts.readConfigFile(config, ts.sys.readFile)
  const { fileNames, options } = ts.parseJsonConfigFileContent(read, ts.sys, resolve(config, '..'))
  return ts.createProgram(fileNames, options)
}

function defined(call: ts.CallExpression, checker: ts.TypeChecker): DefinedError {
  const [code, kind, message] = call.arguments
  if (!code || !kind || !message || !ts.isStringLiteral(code) || !ts.isStringLiteral(kind)) {
    throw new Error(`The code and the kind of an error must be plain texts: ${call.getText()}`)
  }
  const said = ts.isStringLiteral(message) ? message.text : commentOf(call, checker)
  return { code: code.text, kind: kind.text, description: said, data: dataOf(call, checker) }
}

function commentOf(call: ts.CallExpression, checker: ts.TypeChecker): string {
  const { parent } = call
  const symbol = ts.isVariableDeclaration(parent) ? checker.getSymbolAtLocation(parent.name) : undefined
  return ts.displayPartsToString(symbol?.getDocumentationComment(checker)).replaceAll('\n', ' ')
}

/** The parameter of the definition, which is a function that makes the error. */
function dataOf(call: ts.CallExpression, checker: ts.TypeChecker): DefinedError['data'] {
  const [makes] = checker.getTypeAtLocation(call).getCallSignatures()
  const parameter = makes && checker.getTypeOfSymbolAtLocation(makes.parameters[0] as ts.Symbol, call)
  const [data] =
    parameter && checker.isTupleType(parameter) ? checker.getTypeArguments(parameter as ts.TypeReference) : []
  const written = (field: ts.Symbol) =>
    checker.typeToString(
      checker.getTypeOfSymbolAtLocation(field, call),
      undefined,
      ts.TypeFormatFlags.NoTruncation |
        ts.TypeFormatFlags.InTypeAlias |
        ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType,
    )
  return Object.fromEntries((data?.getProperties() ?? []).map((field) => [field.name, written(field)]))
}
