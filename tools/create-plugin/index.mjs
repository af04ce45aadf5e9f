#!/usr/bin/env node
// Begins a plugin: copies the template of its kind, which works as it is, and gives it a name.
//
//   npm create pawl-plugin <kind> <folder>
//   node tools/create-plugin/index.mjs <kind> <folder> --checkout    # uses the packages of this checkout
//
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

const templates = join(import.meta.dirname, 'templates')
const kinds = readdirSync(templates)
const version = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).version

const packages = join(import.meta.dirname, '../../packages')

/** Copies a template; answers what to do next. */
export function createPlugin(kind, folder, { isLinked = false } = {}) {
  if (isLinked && !existsSync(packages)) throw new Error('--checkout works only in a checkout of Pawl.')
  if (!kinds.includes(kind)) throw new Error(`There is no template ${kind ?? ''}: it is one of ${kinds.join(', ')}.`)
  const place = resolve(folder ?? `pawl-${kind}`)
  if (existsSync(place)) throw new Error(`${place} is there already.`)
  const isWanted = (source) => !['node_modules', 'dist'].includes(basename(source))
  cpSync(join(templates, kind), place, { recursive: true, filter: isWanted })
  const file = join(place, 'package.json')
  writeFileSync(
    file,
    `${JSON.stringify(outside(JSON.parse(readFileSync(file, 'utf8')), basename(place), isLinked), null, 2)}\n`,
  )
  return [
    `A plugin of the kind ${kind} is in ${place}.`,
    '',
    ...(isLinked ? [`  (cd ${resolve(packages, '..')} && npx pnpm@12.21.0 build)`] : []),
    `  cd ${folder ?? basename(place)}`,
    // npm cannot install a package of a workspace.
    isLinked ? '  npx pnpm@12.21.0 install' : '  npm install',
    '  npm test',
  ]
}

/** As it stands outside of this checkout. */
function outside(manifest, name, isLinked) {
  const ours = (one) => (isLinked ? `link:${join(packages, one.replace('@pawl/', ''))}` : `^${version}`)
  const resolved = (dependencies) =>
    dependencies &&
    Object.fromEntries(
      Object.entries(dependencies).map(([one, range]) => [one, range === 'workspace:^' ? ours(one) : range]),
    )
  const { dependencies, devDependencies, ...rest } = manifest
  return { ...rest, name, dependencies: resolved(dependencies), devDependencies: resolved(devDependencies) }
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  try {
    const args = process.argv.slice(2)
    const [kind, folder] = args.filter((arg) => arg !== '--checkout')
    for (const line of createPlugin(kind, folder, { isLinked: args.includes('--checkout') })) console.log(line)
  } catch (error) {
    console.error(error.message)
    console.error('usage: npm create pawl-plugin <kind> <folder>')
    process.exitCode = 64
  }
}
