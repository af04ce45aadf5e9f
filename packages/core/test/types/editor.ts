import { resolve } from 'node:path'
import ts from 'typescript-5'

/** What an editor shows of a program that is being written. */
export interface Editor {
  /** What it shows over the name that stands before each `‸`. One program with many is checked once. */
  hover(program: string): string[]
  /** What it offers where each `‸` stands. */
  complete(program: string): string[][]
  /** What does not compile. */
  errors(program: string): string[]
}

/** An editor that has a program open in this workspace, with the settings of the workspace. */
export function openEditor(root: string): Editor {
  const file = resolve(root, 'packages/core/test/types/written.ts')
  const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, root)
  let text = ''
  let edits = 0
  const service = ts.createLanguageService({
    ...ts.sys,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(edits) : '0'),
    getScriptSnapshot: (name) => {
      const read = name === file ? text : ts.sys.readFile(name)
      return read === undefined ? undefined : ts.ScriptSnapshot.fromString(read)
    },
    getCurrentDirectory: () => root,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
  })
  const write = (program: string): number[] => {
    const parts = program.split('‸')
    const wanted = parts.join('')
    // The same program again is not checked again.
    if (wanted !== text) edits++
    text = wanted
    return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('').length)
  }
  return {
    hover: (program) => write(program).map((at) => shown(service.getQuickInfoAtPosition(file, at - 1))),
    complete: (program) => write(program).map((at) => offered(service.getCompletionsAtPosition(file, at, {}))),
    errors: (program) => {
      write(program)
      const found = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)]
      return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    },
  }
}

function shown(info: ts.QuickInfo | undefined): string {
  const tags = (info?.tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`)
  return [ts.displayPartsToString(info?.displayParts), ts.displayPartsToString(info?.documentation), ...tags]
    .filter((part) => part !== '')
    .join('\n')
}

function offered(list: ts.CompletionInfo | undefined): string[] {
  return (list?.entries ?? []).map(({ name }) => name)
}
