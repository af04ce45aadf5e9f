#!/usr/bin/env node
// Begins a plugin: copies the template of its kind, which works as it is, and gives it a name.
//
//   npm create pawl-plugin <kind> <folder>
//
// Plain JavaScript without dependencies, because it runs before anything is installed.
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

const templates = join(import.meta.dirname, 'templates')
const kinds = readdirSync(templates)
const version = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).version

/** Copies a template; answers what to do next. */
export function createPlugin(kind, folder) {
  if (!kinds.includes(kind)) throw new Error(`There is no template ${kind ?? ''}: it is one of ${kinds.join(', ')}.`)
  const place = resolve(folder ?? `pawl-${kind}`)
  if (existsSync(place)) throw new Error(`${place} is there already.`)
  const isWanted = (source) => !['node_modules', 'dist'].includes(basename(source))
  cpSync(join(templates, kind), place, { recursive: true, filter: isWanted })
  const file = join(place, 'package.json')
  writeFileSync(
    file,
    `${JSON.stringify(published(JSON.parse(readFileSync(file, 'utf8')), basename(place)), null, 2)}\n`,
  )
  return [
    `A plugin of the kind ${kind} is in ${place}.`,
    '',
    `  cd ${folder ?? basename(place)}`,
    '  npm install',
    '  npm test',
  ]
}

/** As it stands outside of this checkout. */
function published(manifest, name) {
  const outside = (dependencies) =>
    dependencies &&
    Object.fromEntries(
      Object.entries(dependencies).map(([one, range]) => [one, range === 'workspace:^' ? `^${version}` : range]),
    )
  const { dependencies, devDependencies, ...rest } = manifest
  return { ...rest, name, dependencies: outside(dependencies), devDependencies: outside(devDependencies) }
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  try {
    for (const line of createPlugin(...process.argv.slice(2))) console.log(line)
  } catch (error) {
    console.error(error.message)
    console.error('usage: npm create pawl-plugin <kind> <folder>')
    process.exitCode = 64
  }
}
