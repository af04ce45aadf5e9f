import { credentialPatterns } from './credentials.ts'
import type { Detector, Hit } from './detector.ts'
import { isUnder, urlsIn } from './network.ts'

/** Judges the calls that a model asks for: the name of the tool, and what its arguments would carry out. */
export const toolCalls: Detector = {
  name: 'tool_calls',
  isOn: ({ toolCalls: { isOn } }) => isOn,
  detect: ({ part, shadow: { text, lower } }, { toolCalls, network }) => {
    const { tool } = part
    if (tool === undefined) return []
    const hits: Hit[] = []
    const add = (rule: string, score: number, message: string, start = 0, end = text.length) =>
      hits.push({ rule, severity: 'high', score, message, start, end, action: toolCalls.action, marker: null })
    // A name in both lists is allowed.
    const isListed = toolCalls.allowedNames.includes(tool)
    if (toolCalls.allowedNames.length > 0 && !isListed)
      add('tool_not_allowed', 0.9, 'The tool is not in the list of allowed ones.')
    else if (!isListed && toolCalls.deniedNames.includes(tool))
      add('tool_denied', 0.9, 'The tool is in the list of denied ones.')
    if (!toolCalls.scansArguments) return hits
    const credentials = credentialPatterns.find(text)
    for (const { pattern, start, end } of credentials) {
      if (toolCalls.blocksExfiltration || pattern.isUnmistakable)
        add('credential_in_arguments', 0.9, 'The arguments carry a credential.', start, end)
    }
    for (const { host, start, end } of urlsIn(lower)) {
      if (isUnder(host, network.blockedDomains))
        add('exfiltration_url', 0.9, 'The arguments carry the address of a blocked host.', start, end)
    }
    return hits
  },
}
