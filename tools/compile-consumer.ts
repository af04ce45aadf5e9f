import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

// With skipLibCheck off, the compiler reads every declaration that a package has and that these lead to. A declaration that
// is missing, or that names a type of a package that is not installed, is an error in the program that depends on it.

/** Where programs run: with the types of Node, and core also in a page. */
const runtimes: readonly {
  readonly lib: readonly string[]
  readonly types: readonly string[]
  readonly only?: string
}[] = [
  { lib: ['es2022'], types: ['node'] },
  { lib: ['es2022', 'esnext.disposable', 'dom'], types: [], only: '@pawl/core' },
]

/** The newest compiler, and the last that has an interface for editors and for tools. */
const compilers = ['typescript/package.json', 'typescript-5/package.json'].map((manifest) =>
  join(dirname(createRequire(import.meta.url).resolve(manifest)), 'bin/tsc'),
)

/** Compiles a program in `place`, where the package is installed, that imports those of its subpaths that are wanted. */
export async function compileConsumer(
  name: string,
  place: string,
  isWanted: (subpath: string) => boolean,
): Promise<void> {
  const { exports } = JSON.parse(await readFile(join(place, 'node_modules', name, 'package.json'), 'utf8'))
  const subpaths = Object.keys(exports).filter((path) => !/\*|\.json$/.test(path) && isWanted(path))
  const imports = subpaths.map((path, at) => `import * as all${at} from '${name}${path.slice(1)}'\n`)
  const used = subpaths.map((_, at) => `all${at}`).join(', ')
  await writeFile(join(place, 'consumer.ts'), `${imports.join('')}export const all: readonly unknown[] = [${used}]\n`)
  for (const { only = name, ...runtime } of runtimes) if (only === name) await compileWith(runtime, place)
}

async function compileWith(runtime: object, place: string): Promise<void> {
  const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false }
  const compilerOptions = { target: 'es2022', module: 'nodenext', noEmit: true, ...strict, ...runtime }
  await writeFile(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  for (const compiler of compilers) {
    await promisify(execFile)(process.execPath, [compiler, '-p', '.'], { cwd: place, maxBuffer: 64 * 1024 * 1024 })
  }
}
