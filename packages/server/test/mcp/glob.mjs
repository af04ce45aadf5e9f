// The conformance runner imports a function that node:fs has since version 22, for a report that is not used here. Where
// it is missing, this gives it one.
import * as fs from 'node:fs'
import { register } from 'node:module'

const source = "export * from 'node:fs'; export const globSync = () => []"
const hooks = `
export const resolve = (specifier, context, next) =>
  specifier === 'fs' && context.parentURL?.includes('/conformance/')
    ? { url: 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(source)}), shortCircuit: true }
    : next(specifier, context)
`
if (!('globSync' in fs)) register(`data:text/javascript,${encodeURIComponent(hooks)}`)
