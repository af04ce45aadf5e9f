export { type Answer, bridge, type Place } from './bridge.ts'
export { serveLocally } from './local-http.ts'
export { serveLines } from './stdio.ts'
export { withCommands } from './with-commands.ts'
