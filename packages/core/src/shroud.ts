// The API for what stands between agents and models: it judges texts, and replaces the secrets in them.

export { type ByteStream, type Place, type Redacted, Redactor, type TextStream } from './kernel/redactor.ts'
