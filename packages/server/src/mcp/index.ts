export { type McpOptions, mcp } from './handler.ts'
