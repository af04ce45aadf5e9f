// Is the command line, where its native parts can run; elsewhere it says what is different.
import { readFileSync } from 'node:fs'

const { needs } = JSON.parse(readFileSync(new URL('../manifest.json', import.meta.url), 'utf8'))
const { platform, arch, versions } = process
const problems = []
if (`${platform} ${arch}` !== `${needs.platform} ${needs.arch}`) {
  problems.push(`a Node.js for ${needs.platform} ${needs.arch}, and this one is for ${platform} ${arch}`)
}
if (versions.modules !== needs.abi || isOlder(versions.node, needs.node)) {
  const found = `${versions.node}, whose ABI is ${versions.modules}`
  problems.push(`Node.js ${needs.node} or newer whose ABI is ${needs.abi}, and this one is ${found}`)
}
const glibc = glibcHere()
if (needs.glibc && (!glibc || isOlder(glibc, needs.glibc))) {
  problems.push(`glibc ${needs.glibc} or newer, and this machine has ${glibc ?? 'none'}`)
}
for (const problem of problems) console.error(`pawl: this bundle needs ${problem}.`)
if (problems.length > 0) process.exit(1)
await import('./node_modules/@pawl/server/bin/pawl.mjs')

function glibcHere() {
  // A report about the network would look up names.
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime
}

function isOlder(found, wanted) {
  const parts = (version) => version.split('.').map(Number)
  const [has, needs] = [parts(found), parts(wanted)]
  const at = needs.findIndex((part, index) => part !== (has[index] ?? 0))
  return at >= 0 && (has[at] ?? 0) < needs[at]
}
