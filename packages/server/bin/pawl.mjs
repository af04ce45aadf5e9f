#!/usr/bin/env node
// Plain JavaScript, so that a checkout has its command before it is built.
import { existsSync } from 'node:fs'

const main = new URL('../dist/cli/main.js', import.meta.url)
if (!existsSync(main)) {
  console.error('pawl is not built yet; run `npm start` once, or `npx pnpm build`.')
  process.exit(70)
}
await import(main.href)
