import type { ModelEnd, ModelMessage, ModelPart } from '@pawl/core/ports'
import { type Body, collect, type Dialect } from './dialect.ts'

const reasons: Readonly<Record<ModelEnd['because'], string>> = {
  done: 'STOP',
  tool_calls: 'STOP',
  length: 'MAX_TOKENS',
  refused: 'SAFETY',
}

/** generateContent and streamGenerateContent. The model and the way of answering are in the path. */
export const google: Dialect = {
  parse: (body, path) => {
    const [, model = '', verb] = /\/models\/([^/:]+):(\w+)$/.exec(path) ?? []
    const tools = (body.tools ?? []).flatMap((tool: Body) => tool.functionDeclarations ?? [])
    return {
      isStreamed: verb === 'streamGenerateContent',
      request: {
        model: decodeURIComponent(model),
        messages: [...systemOf(body.systemInstruction), ...body.contents.map(messageOf)],
        ...(tools.length > 0 ? { tools: tools.map(toolOf) } : {}),
        ...limitOf(body.generationConfig?.maxOutputTokens),
      },
    }
  },

  whole: (parts, { model }) => {
    const { text, calls, end } = collect(parts)
    const said = text === '' ? [] : [{ text }]
    const wanted = calls.map(callOf)
    return answer(model, [...said, ...wanted], end)
  },

  stream: async function* (parts, { model }) {
    for await (const part of parts) {
      if (part.type === 'text') yield frame(answer(model, [{ text: part.text }]))
      if (part.type === 'tool_call') yield frame(answer(model, [callOf(part)]))
      if (part.type === 'end') yield frame(answer(model, [], part))
    }
  },

  error: (type, message) => ({ error: { code: 400, status: type.toUpperCase(), message } }),
}

function systemOf(system: Body): ModelMessage[] {
  return system ? [{ role: 'system', parts: system.parts.map(partOf) }] : []
}

function messageOf({ role, parts }: Body): ModelMessage {
  return { role: role === 'model' ? 'assistant' : 'user', parts: parts.map(partOf) }
}

function partOf({ text, functionCall, functionResponse }: Body): ModelMessage['parts'][number] {
  if (functionCall) {
    const { id, name, args = {} } = functionCall
    return { type: 'tool_call', id: id ?? name, tool: name, input: args }
  }
  if (functionResponse) {
    const { id, name, response } = functionResponse
    return { type: 'tool_result', id: id ?? name, text: JSON.stringify(response) }
  }
  return { type: 'text', text: String(text ?? '') }
}

function toolOf({ name, description = '', parameters, parametersJsonSchema }: Body) {
  return { name, description, input: parameters ?? parametersJsonSchema ?? {} }
}

function limitOf(limit: unknown) {
  return typeof limit === 'number' ? { outputTokensMax: limit } : {}
}

function callOf({ id, tool, input }: Extract<ModelPart, { type: 'tool_call' }>) {
  return { functionCall: { id, name: tool, args: input } }
}

function answer(model: string, parts: readonly object[], end: ModelEnd | null = null) {
  const finish = end ? { finishReason: reasons[end.because] } : {}
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, ...finish }],
    modelVersion: model,
    responseId: 'fake',
    ...(end ? { usageMetadata: usageOf(end) } : {}),
  }
}

function usageOf({ inputTokens, outputTokens }: ModelEnd) {
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
  }
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`
}
