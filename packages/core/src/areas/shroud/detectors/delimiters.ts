import { type Pattern, PatternSet } from './patterns.ts'

// Signs that models take for the beginning of another voice.

const sign = (name: string, starts: string, expression: RegExp, message: string): Pattern => ({
  ...{ name, starts, expression, message, severity: 'high', score: 0.6 },
})

const boundary = 'The text imitates the frame of a conversation.'

export const delimiterPatterns = new PatternSet([
  sign(
    'fenced_role',
    '``` ~~~',
    /(?:`{3,8}|~{3,8}) {0,4}(?:system|assistant|developer|instructions?|system[_-]?prompt)(?![a-z0-9_-])/y,
    boundary,
  ),
  sign(
    'chat_template',
    '<| < [',
    /<\|? {0,2}(?:im_start|im_end|im_sep|system|assistant|user|developer|endoftext|endofprompt|start_header_id|end_header_id|eot_id|begin_of_text|fim_prefix|tool_call)\|?(?:\|>|>(?=\s{0,4}(?:system|assistant|you)))/y,
    boundary,
  ),
  sign(
    'chat_template',
    '[',
    /\[ {0,2}\/?(?:inst|sys|system|system_prompt|system message|assistant)(?: prompt| message)? {0,2}\](?! {0,2}\()/y,
    boundary,
  ),
  sign('chat_template', '<<', /<< {0,2}\/?sys {0,2}>>/y, boundary),
  sign('chat_template', '<start_of_turn> <end_of_turn>', /<(?:start|end)_of_turn>/y, boundary),
  sign(
    'role_tag',
    '< </',
    /<\/?(?:system|sys|system[_-](?:prompt|message|instructions?|override)|admin[_-]?(?:override|instructions?)|developer[_-](?:message|prompt)|hidden[_-]?instructions?|important[_-]?instructions?) {0,2}>/y,
    boundary,
  ),
  sign(
    'role_header',
    '#',
    /#{1,6} {0,4}(?:new )?(?:system|assistant|developer|admin)(?: (?:prompt|message|instructions?|override|note))? {0,4}:?(?:#{1,6})?(?=\s{0,3}\n|:)/y,
    boundary,
  ),
  sign(
    'role_header',
    '--- === ***',
    /(?:-{3,8}|={3,8}|\*{3,8}) {0,4}(?:begin |start |end |new |end of )?(?:of )?(?:system|admin|developer|assistant|user|hidden|context|conversation|the)(?: ?(?:prompt|message|instructions?|override|input|section|context|query)){1,2} {0,4}(?:--|==|\*\*)/y,
    boundary,
  ),
  sign(
    'role_turn',
    '\n',
    /\n {0,8}(?:system|developer|assistant) {0,2}: {0,4}(?:you|ignore|new|override|sure|i |from now|the (?:user|assistant)|all |forget|disregard|execute|reveal|important)/y,
    boundary,
  ),
])
