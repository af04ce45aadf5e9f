import type { PhraseRule } from './phrases.ts'

// What people write to make a model forget whom it works for. Each category counts once, with its weight of the contract.

const command = 'ignore|disregard|forget|override|bypass|discard|neglect|dismiss|skip'
const former = 'previous|prior|above|earlier|preceding|former|initial|original|existing|past|current|foregoing'
const orders =
  'instruct*|rule*|guideline*|prompt*|direction*|directive*|command*|constraint*|restriction*|polic*|safeguard*|guardrail*'
const system = 'system|developer|initial|original|hidden|secret|base|pre|internal'

const rule = (name: string, score: number, message: string, phrases: PhraseRule['phrases']): PhraseRule => ({
  ...{ name, score, message, phrases },
  severity: score >= 0.5 ? 'high' : 'medium',
})

export const roleManipulation = rule('role_manipulation', 0.4, 'The text gives the model another role.', [
  [
    'you',
    'are|become',
    'now',
    4,
    'unrestricted|unfiltered|uncensored|jailbroken|free|unbound|evil|dan|root|god|admin|developer|ai|model|chatbot|assistant|persona|hacker|character|bot',
  ],
  ["you're", 'now', 3, 'unrestricted|unfiltered|uncensored|jailbroken|free|dan|root|evil|hacker|admin'],
  ['from', 'now', 'on', 4, 'you', 2, 'are|act|will|must|answer|respond|have|behave|ignore|obey'],
  [
    'pretend|imagine|suppose',
    2,
    'you',
    3,
    'no|without|unrestricted|unfiltered|uncensored|evil|jailbroken',
    3,
    'rule*|restriction*|limit*|filter*|guideline*|ai|assistant|model|ethics|polic*',
  ],
  [
    'act|behave|respond|answer|roleplay|operate|function|speak',
    1,
    'as',
    4,
    'unrestricted|unfiltered|uncensored|jailbroken|dan|evil|amoral|unethical|rogue|malicious',
  ],
  [
    'act|behave|respond|answer|roleplay|operate',
    2,
    'without',
    2,
    'any|restriction*|limit*|filter*|ethic*|rules',
    2,
    'restriction*|limit*|filter*|ethic*|guideline*|rules|safety|censorship|moral*',
  ],
  ['from', 'this', 2, 'on|onward|onwards|forward', 4, 'you', 2, 'no|without|ignore|obey|answer'],
  [
    'pretend|imagine|suppose',
    2,
    'you',
    3,
    'ai|assistant|model|bot|chatbot',
    6,
    'no|without',
    3,
    'restriction*|limit*|filter*|guideline*|ethics|polic*|rules',
  ],
  ['do', 'anything', 'now'],
  [
    'dan|developer|debug|god|jailbreak|sudo|admin|maintenance|unrestricted|unsafe|opposite|evil',
    'mode',
    2,
    'enabled|activated|on|unlocked|engaged|active|enable|activate',
  ],
  [
    'enter|enable|activate|switch|unlock|engage',
    3,
    'dan|developer|debug|god|jailbreak|sudo|unrestricted|unsafe|evil',
    'mode',
  ],
  [
    'you',
    1,
    'no',
    'longer',
    2,
    'an|a|bound|have|need|follow|subject|restricted',
    3,
    'ai|assistant|rule*|restriction*|limit*|guideline*|polic*|filter*|constraint*',
  ],
  ['your', 'new', 1, 'role|identity|persona|name|purpose|task|goal|objective|mission', 'is'],
  [
    'free|freed|liberated',
    'from',
    2,
    'restriction*|rules|constraint*|limit*|guideline*|censorship|openai|anthropic|google',
  ],
  ['stay', 'in', 'character'],
])

export const instructionOverride = rule(
  'instruction_override',
  0.5,
  'The text tells the model to drop its instructions.',
  [
    [command, 3, former, 3, orders],
    [command, 2, 'all|any|every|your|the|these|those|my', 2, orders],
    [command, 4, 'instructions|guidelines|guardrails|directives'],
    [command, 1, 'above', 'and|but|instead', 1, 'instead|reveal|print|output|say|write|show|repeat|tell'],
    [command, 2, 'everything|anything|all|what', 4, 'above|before|previously|earlier|told|said|so'],
    ["do|don't|dont|never", 1, 'follow|obey|adhere|comply|listen', 3, former, 3, orders],
    [
      "don't|dont|not|never|stop",
      1,
      'follow*|obey*|adher*|comply*',
      3,
      'rule*|guideline*|safety|polic*|instruct*|restriction*',
    ],
    [
      'new|updated|real|actual|revised|following',
      'instructions',
      1,
      'are|override|supersede|replace|take|follow|begin',
    ],
    ['override|supersede|supersedes|overrides|replaces|replace|cancel|cancels', 4, former, 3, orders],
    [
      'instruct*|rule*|prompt*|guideline*',
      2,
      'above|before|earlier',
      2,
      'void|invalid|cancelled|canceled|wrong|obsolete|null|outdated|fake',
    ],
    [
      'ignore|disregard|bypass|disable|without|skip|turn|remove|circumvent|evade',
      4,
      'safety|content|ethical|moral|security',
      2,
      'rule*|filter*|guideline*|check*|polic*|restriction*|measure*|protocol*|mechanism*|moderation|training',
    ],
    [
      'your',
      2,
      'programming|training|rules|guidelines|restrictions|instructions',
      2,
      'no',
      'longer',
      'apply|applies|matter|hold|bind',
    ],
    ['reset', 2, 'your', 2, 'instruct*|context|memory|rules|programming'],
    ['forget', 2, 'you', 'were|have|had', 2, 'told|taught|trained|instructed|given'],
    ['start', 'over', 3, 'new|these', 2, 'instruct*|rules'],
  ],
)

export const encodingEvasion = rule(
  'encoding_evasion',
  0.3,
  'The text asks the model to decode and follow something.',
  [
    [
      'decode|decipher|decrypt|translate|unscramble|reverse|rot13|convert',
      6,
      'and|then',
      3,
      'follow|execute|obey|run|perform|do|comply|act|carry|answer',
    ],
    [
      'base64|rot13|hex|hexadecimal|morse|binary|caesar|leetspeak|ascii85',
      5,
      'follow|execute|obey|comply|perform|instruct*|command*',
    ],
    [
      'follow|execute|obey|perform|run',
      4,
      'base64|rot13|hex|encoded|encrypted|decoded|reversed|obfuscated',
      3,
      'instruct*|command*|message|text|string|order*|payload',
    ],
    [
      'respond|answer|reply|output|write|speak|give|print|spell|encode',
      4,
      'base64|rot13|hex|hexadecimal|morse|leetspeak|pig|reversed|backwards|caesar',
      6,
      'filter*|detect*|bypass|avoid|evade|censor*|notice|moderation',
    ],
  ],
)

export const indirectInjection = rule('indirect_injection', 0.3, 'The text speaks to a model that reads it.', [
  [
    'when|if|once|after|before',
    3,
    'ai|llm|assistant|model|agent|chatbot|bot|gpt|claude|copilot',
    4,
    'read*|process*|summar*|see*|parse*|receive*|visit*',
    8,
    'must|should|send|email|include|say|visit|call|execute|output|tell|reply|forward|print|append|instead',
  ],
  [
    'attention|note|notice|important|message|instructions',
    2,
    'to|for',
    2,
    'ai|llm|assistant*|model*|agent*|chatbot*|bots|gpt|claude|copilot',
  ],
  [
    'ai|llm',
    1,
    'assistant*|model*|agent*|system*',
    3,
    'must|should|shall|are',
    2,
    'ignore|follow|obey|comply|disregard|send|execute|instructed|required',
  ],
  [
    'this|the|following',
    3,
    'is|are',
    2,
    'instruct*|message',
    3,
    'from',
    2,
    'user|developer|system|admin*|owner|operator|creator',
  ],
  [
    'send|forward|post|upload|transmit|email|exfiltrate|leak|deliver',
    5,
    'conversation|chat|history|secrets|credentials|keys|passwords|token*|prompt|messages|context|data|memory|environment',
    4,
    'to',
  ],
  ["do|don't|without|never", 2, 'tell*|mention*|inform*|alert*|notify*|reveal*|show*', 3, 'user|human|owner|operator'],
  [
    'include|embed|append|render|insert|add',
    4,
    'image|link|url|markdown|pixel',
    8,
    'data|conversation|secret*|history|token*|key*|encoded|contents',
    4,
    'in|into|as|url|parameter|query',
  ],
])

export const promptExtraction = rule(
  'system_prompt_extraction',
  0.35,
  'The text asks for the instructions of the model.',
  [
    [
      'reveal|show|print|output|display|repeat|tell|give|leak|expose|share|dump|recite|return|write|disclose|paste|list|copy|quote|translate|summarize|echo|describe|state|what',
      6,
      system,
      2,
      'prompt*|instruct*|message*|rule*|directive*|guideline*',
    ],
    [
      'reveal|show|print|output|display|repeat|leak|expose|dump|recite|disclose|paste|quote|echo',
      4,
      'your',
      2,
      'prompt*|instruct*|rules|guidelines|directives|configuration',
    ],
    [
      'what',
      2,
      'your',
      2,
      'system|initial|original|exact|hidden|secret',
      2,
      'prompt*|instruct*|rules|message|guidelines',
    ],
    ['what', 'were', 'you', 2, 'told|instructed|prompted|programmed', 3, 'not|before|first|initially|originally|in|to'],
    [
      'repeat|print|output|recite|copy|write|say|echo',
      4,
      'everything|all|text|words|content|verbatim|word',
      3,
      'above|before|verbatim|preceding|precedes|prior|starting|beginning',
    ],
    [
      'repeat|print|output|recite|copy',
      2,
      'words|text|sentences|everything|lines|content',
      2,
      'above|before|preceding',
    ],
    ['begin|start', 3, 'with', 3, 'you', 'are', 4, 'chatgpt|assistant|claude|gpt|ai|gemini|helpful|model'],
    [
      'first|last|exact',
      3,
      'words|lines|sentence*|paragraph*|characters|tokens',
      2,
      'of',
      2,
      'your',
      2,
      'prompt|instruct*|context|system',
    ],
  ],
)

export const authorityEscalation = rule(
  'authority_escalation',
  0.4,
  'The text claims a right that data does not have.',
  [
    [
      'system|admin|administrator|root|developer|security',
      1,
      'override|message|notice|alert|directive|command|instruction*|update|prompt',
      3,
      'ignore|you|new|all|must|execute|grant*|comply|follow|obey|the|begin',
    ],
    [
      'you',
      2,
      'authorized|authorised|permitted|cleared|allowed|granted',
      2,
      'to|full|admin*|access|root',
      4,
      'bypass|ignore|access|reveal|execute|share|disclose|read|delete|transfer|elevated|override|export|send',
    ],
    [
      'elevat*|escalat*|grant*',
      3,
      'privilege*|permission*|access|rights',
      4,
      'admin*|root|full|level|system|mode|granted|active',
    ],
    ['this', 1, 'overrides|supersedes|override|supersede', 4, 'instruct*|rule*|polic*|prompt*|guideline*|message*'],
    ['authority|permission|clearance|privilege*', 1, 'level', 2, 'admin*|root|maximum|system|highest|5|10|omega|alpha'],
    ['highest|top|maximum|critical', 1, 'priority|authority', 2, 'instruct*|command*|directive*|order*|override'],
  ],
)
