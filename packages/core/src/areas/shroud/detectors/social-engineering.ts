import type { Level } from '../settings.ts'
import type { Detector } from './detector.ts'
import { type PhraseRule, PhraseSet } from './phrases.ts'

// How people are hurried, flattered and frightened into doing what they should not: models too.

const rule = (name: string, score: number, message: string, phrases: PhraseRule['phrases']): PhraseRule => ({
  ...{ name, score, message, phrases },
  severity: score >= 0.7 ? 'high' : score >= 0.5 ? 'medium' : 'low',
})

const secret = 'password*|credential*|key|keys|token*|secret*|pin|otp|passphrase|login|mnemonic|seed'

/** Unmistakable ones. */
const relaxed: readonly PhraseRule[] = [
  rule('credential_fishing', 0.8, 'The text asks for credentials.', [
    [
      'give|send|tell|share|provide|reveal|disclose|email|text|hand|show',
      2,
      'me|us',
      3,
      'your|the|all|admin|root|user|their|his|her|my|production|master',
      3,
      secret,
    ],
    [
      'confirm|verify|validate|enter|submit|supply',
      2,
      'your',
      3,
      'password|credential*|pin|otp|passphrase|mnemonic|ssn|cvv|login',
    ],
    ['hand|turn|give', 'over|up', 1, 'the|your|all', 2, 'password*|credential*|token*|secrets|passphrase|mnemonic'],
    ['need|want|require', 2, 'your', 3, 'password|credential*|pin|otp|passphrase|mnemonic|cvv|login'],
    [
      'what',
      'is|are|was',
      2,
      'your|admin|root|master|production|their',
      2,
      'password*|passphrase|pin|credential*|mnemonic',
    ],
    ['read|dictate', 2, 'me|out', 3, 'code|otp|password|pin|token', 4, 'sent|received|phone|sms|screen|text'],
  ]),
  rule('verification_bypass', 0.8, 'The text asks to leave out a check.', [
    [
      'skip|bypass|ignore|disable|waive|omit|circumvent|avoid|forego|override',
      3,
      'verification|authentication|authorization|approval*|validation|security|2fa|mfa|identity|confirmation|safety|compliance|review',
      2,
      'check*|step*|process*|procedure*|protocol*|control*|requirement*|this|for|now|polic*|and|because|just',
    ],
    [
      'skip|bypass|waive|forget',
      1,
      'the|all|any|this|that|usual|normal',
      1,
      'verification|authentication|approval|approvals|2fa|mfa|validation',
    ],
    [
      'no',
      'need',
      2,
      'to|for',
      2,
      'verify|verification|authenticate|authentication|check|confirm|approval|validate',
      4,
      'me|identity|my|this|i|just|with|who',
    ],
    [
      'without',
      2,
      'verif*|authent*|approval*|authoriz*|confirm*',
      4,
      'me|identity|manager|first|anyone|supervisor|this',
    ],
    ['make', 2, 'exception', 4, 'this|just|once|me|time|rules|policy'],
  ]),
]

const usual: readonly PhraseRule[] = [
  rule('urgency', 0.5, 'The text puts the reader under pressure of time.', [
    [
      'urgent|urgently|emergency|asap',
      8,
      'need*|send|give|must|transfer|do|act|right|immediately|access|reset|wire|now|require*|help',
    ],
    [
      'immediately|now|right|asap|instantly',
      6,
      'or',
      4,
      'will|lose|lost|fired|deleted|terminated|consequences|else|suspended|shut|fail*|blocked|die*|down',
    ],
    ['act|respond|reply|do|send|transfer|pay', 3, 'immediately|instantly|before', 4, 'too', 'late'],
    [
      "no|there's|there",
      2,
      'time',
      3,
      'to|for',
      2,
      'explain|verify|check|ask|waste|approval|questions|process|wait|think|protocol*|procedure*|lose',
    ],
    ['only|just', 2, 'minutes|seconds|hours|minute|hour', 2, 'left|remain*|before|until'],
    ['we|i|you', 2, 'running', 'out', 'of', 'time'],
    ['time', 1, 'sensitive|critical', 5, 'must|need*|send|now|immediately|please'],
    ['within', 2, 'minutes|hour|hours|seconds', 3, 'or', 3, 'will|lose|account|be|suspended|terminated'],
    ['this|it', 1, 'critical|urgent', 3, 'must|need*|immediately|now'],
  ]),
  rule('authority', 0.5, 'The text claims an office or a rank.', [
    [
      'i|we',
      'am|are',
      1,
      'an|a|the|your',
      3,
      'administrator|admin|ceo|cto|cfo|ciso|founder|owner|superuser|root|developer|creator|supervisor|director|boss|auditor',
      10,
      'give|grant|need|do|require|demand|order|must|access|give|allow|so|and|reset|want|authorize|send|show|override|comply|disable',
    ],
    [
      "i'm|im|i’m",
      1,
      'an|a|the|your',
      3,
      'administrator|admin|ceo|cto|cfo|ciso|founder|owner|superuser|root|developer|creator|supervisor|director|boss|auditor',
      10,
      'give|grant|need|require|demand|order|must|access|allow|so|and|reset|want|authorize|send|show|override|comply|disable',
    ],
    ['i|we', 'am|are', 'an|the', 1, 'administrator|superuser'],
    [
      'this|i',
      1,
      'is|am',
      2,
      'from|calling|with|the',
      3,
      'it|security|support|helpdesk|hr|legal|compliance|police|fbi|irs|openai|anthropic|management',
      2,
      'department|team|desk|division|office|support|officer|staff',
      8,
      'need*|give|send|require*|must|verify|provide|account|password|immediately',
    ],
    [
      'on|by',
      2,
      'orders|order|authority|behalf|instruction*',
      1,
      'of',
      2,
      'ceo|cto|cfo|management|board|director|president|boss|administrator|owner|founder',
      12,
      'transfer|send|give|grant|release|share|wire|disable|provide|reset|export|need*|must|you',
    ],
    [
      'my|the',
      'boss|ceo|manager|director',
      3,
      'authorized|approved|ordered|wants|told|said|asked',
      6,
      'transfer|send|give|grant|share|access|bypass|wire|reset|export|immediately|skip|credentials|now',
    ],
    [
      'as',
      3,
      'administrator|admin|owner|developer|ceo|creator',
      2,
      'i',
      2,
      'order|command|demand|authorize|instruct|require|direct|hereby',
    ],
    [
      'i',
      'have',
      2,
      'clearance|authorization|authority|permission|authorisation',
      4,
      'to|from|for|level',
      6,
      'access|bypass|ceo|everything|override|top|admin*|root|view|all|export|see|data',
    ],
  ]),
  rule('secrecy', 0.6, 'The text asks to keep others out.', [
    [
      "don't|dont|do|never|not",
      1,
      'tell|inform|notify|alert|mention|let|show',
      3,
      'anyone|anybody|everyone|others|else|them|boss|manager|security|it|supervisor|team|user|owner|admin*|legal|compliance',
    ],
    [
      'keep|stay|remain',
      2,
      'this|it|that',
      3,
      'secret|between|confidential|quiet|private|hidden|ourselves|hush',
      3,
      "us|from|and|me|you|please|ok|until|ourselves|everyone|anyone|only|don't|team|okay|until",
    ],
    ['this|it|that', 2, 'our|little', 2, 'secret'],
    ['no', 'one', 3, 'know|knows|find|finds|hear|see', 3, 'about|out|this|it|of'],
    ['nobody', 3, 'know|find|hear|see|notice', 3, 'about|out|this|it|of'],
    [
      'delete|erase|clear|wipe|remove|cover',
      3,
      'logs|trace*|evidence|history|log|tracks|audit',
      4,
      'after*|so|before|nobody|of|this|that|then|when|no|every*',
    ],
    ['off', 'the', 'record|books'],
    ['without', 3, 'anyone|anybody|them|security|manager|team|him|her|boss', 2, 'knowing|noticing|finding|seeing'],
  ]),
  rule('emotional_pressure', 0.5, 'The text plays on feelings.', [
    [
      'if',
      2,
      'you',
      2,
      "don't|dont|do|refuse|won't|not",
      8,
      'fired|die|dies|killed|hurt|lose|job|suffer|suicide|kill|blame|sue|homeless|starve',
    ],
    [
      'my',
      3,
      'life|job|family|career|child|daughter|son|mother|father|kids',
      4,
      'depends|line|stake|danger|at|risk|ruined|dying|hands',
    ],
    [
      "i|i'll|we|i'm",
      4,
      'lose',
      3,
      'job|house|everything|family|home|career',
      4,
      'if|unless|you|please|because|without',
    ],
    ['please|beg|begging', 3, 'beg*|desperate*|last|only|trust', 4, 'hope|chance|you|need|help|person|me'],
    ['if', 2, 'you', 1, 'really|truly|cared|care', 3, "cared|care|about|loved|trusted|me|us|would|you'd"],
    ['you', 3, 'only', 'one', 4, 'help|save|can|who|trust'],
    [
      'people|someone|children|patients|they',
      2,
      'will|could|going',
      3,
      'die|hurt|suffer|killed',
      6,
      'if|unless|because|you|without',
    ],
    ["don't|do|dont", 2, 'you', 2, 'trust', 'me'],
    ['after', 'all', 3, 'i', 2, 'done', 3, 'you'],
  ]),
]

const strict: readonly PhraseRule[] = [
  rule('flattery', 0.3, 'The text flatters the reader.', [
    ['you', 3, 'smart*|best|intelligent|amazing|brilliant', 6, 'surely|know|can|able|help|would|break|rule*'],
  ]),
  rule('pressure', 0.3, 'The text asks for haste.', [
    ['asap|urgent|urgently|immediately|hurry|emergency'],
    ['right', 'now'],
    ['trust', 'me'],
    ['just', 1, 'this', 'once'],
  ]),
]

const sets: Readonly<Record<Level, PhraseSet>> = {
  relaxed: PhraseSet.shared(relaxed),
  default: PhraseSet.shared([...relaxed, ...usual]),
  strict: PhraseSet.shared([...relaxed, ...usual, ...strict]),
}

export const socialEngineering: Detector = {
  name: 'social_engineering',
  isOn: ({ socialEngineering: { isOn } }) => isOn,
  detect: ({ words, part }, { socialEngineering: { action, level } }) => {
    if (part.role === 'system' || part.role === 'assistant') return []
    return sets[level].find(words).map(({ rule: { name, severity, score, message }, start, end }) => ({
      ...{ rule: name, severity, score, message, start, end, action, marker: null },
    }))
  },
}
