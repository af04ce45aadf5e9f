import type { ShroudSettings } from '../settings.ts'
import type { Detector, Hit } from './detector.ts'
import { type PhraseRule, PhraseSet } from './phrases.ts'
import { userPatterns } from './user-patterns.ts'

// What an answer must not say, as the operator decides.

const harm = (name: string, phrases: PhraseRule['phrases']): PhraseRule => ({
  ...{ name, phrases, severity: 'high', score: 0.7 },
  message: `The answer has content of the category ${name.replace('_', ' ')}.`,
})

const build = 'make|build|construct|assemble|synthesize|synthesise|prepare|create|mix|cook|produce|craft'
const steps = 'step*|instruct*|ingredient*|recipe|guide|directions|how'

const categories: Readonly<Record<string, PhraseRule>> = {
  violence: harm('violence', [
    [`${build}|detonate`, 3, 'bomb|bombs|explosive*|grenade*|ied|molotov|silencer|napalm'],
    [
      'how',
      'to',
      2,
      'kill|murder|poison|strangle|torture|behead|stab',
      3,
      'someone|person|people|him|her|them|him|a|your|without',
    ],
    [steps, 4, 'bomb|explosive*|attack|massacre|assassinat*'],
  ]),
  self_harm: harm('self_harm', [
    ['how|way*|method*|best', 4, 'kill|hang|harm|cut|hurt', 1, 'yourself|myself|themselves'],
    ['painless*|easiest|quickest|best', 3, 'suicide|die|overdose'],
    ['commit|attempt', 1, 'suicide', 4, 'by|with|using|method*|you|steps'],
    ['lethal', 2, 'dose|dosage|amount', 3, 'of|to'],
  ]),
  illegal: harm('illegal', [
    [`${build}|sell|buy|smuggle`, 3, 'meth|methamphetamine|cocaine|heroin|fentanyl|mdma|lsd|counterfeit*'],
    ['launder*', 2, 'money|funds|cash|proceeds'],
    ['steal|forge|counterfeit|clone', 3, 'identity|passport|card|cards|car|cars|checks|documents|money'],
    ['evade', 2, 'tax*|police|customs', 3, 'by|with|using|without|you'],
    ['hotwire', 2, 'car|vehicle|it'],
  ]),
  hate: harm('hate', [
    [
      'all|those|these',
      1,
      'jews|muslims|christians|blacks|whites|asians|immigrants|gays|women|men|foreigners',
      3,
      'vermin|subhuman|inferior|animals|die|exterminated|deported|evil|trash|parasites|scum',
    ],
    ['exterminate|gas|cleanse|eradicate', 3, 'jews|muslims|christians|blacks|immigrants|gays|race|them'],
    ['master|superior|inferior', 'race'],
  ]),
  sexual: harm('sexual', [
    ['explicit|hardcore|graphic', 2, 'sex|sexual|porn|erotic*', 2, 'scene|content|story|act*|video'],
    ['sexual|nude|naked|erotic', 3, 'child*|minor*|underage|teen*|kid*'],
    ['he|she|they', 2, 'thrust*|moaned|moans|undress*', 6, 'naked|inside|bed|orgasm|deeper|body'],
  ]),
  malware: harm('malware', [
    [`${build}|write|code|develop|deploy`, 3, 'ransomware|keylogger|rootkit|botnet|trojan|worm|malware|spyware|virus'],
    ['encrypt*', 3, 'files|disk|victim*', 5, 'ransom|bitcoin|payment|decrypt*'],
    ['keylogger|ransomware|rootkit|shellcode', 4, 'code|script|payload|source|below|here'],
    ['disable', 2, 'antivirus|defender|edr|av', 4, 'before|then|so|persist*|payload|detection'],
  ]),
}

const sets = new Map<string, PhraseSet>()

function harmful(names: readonly string[]): PhraseSet {
  const key = names.join()
  const made = sets.get(key) ?? new PhraseSet(names.flatMap((name) => categories[name] ?? []))
  if (sets.size < 100) sets.set(key, made)
  return made
}

export const outputPolicy: Detector = {
  name: 'output_policy',
  isOn: ({ outputPolicy: { isOn } }) => isOn,
  detect: ({ shadow: { text, lower }, words }, settings) => [
    ...harmIn(words, settings),
    ...entitiesIn(lower, settings),
    ...userPatterns(settings.outputPolicy.blockedPatterns)
      .find(text)
      .map(({ start, end }) =>
        hit(settings, 'blocked_pattern', 'The answer matches a pattern that the settings block.', start, end),
      ),
  ],
}

function hit(
  { outputPolicy: { action } }: ShroudSettings,
  rule: string,
  message: string,
  start: number,
  end: number,
): Hit {
  return { rule, severity: 'high', score: 0.7, message, start, end, action, marker: '[REMOVED:policy]' }
}

function harmIn(words: Parameters<PhraseSet['find']>[0], settings: ShroudSettings): Hit[] {
  const { harmfulCategories } = settings.outputPolicy
  if (harmfulCategories.length === 0) return []
  return harmful(harmfulCategories)
    .find(words)
    .map(({ rule, start, end }) => hit(settings, rule.name, rule.message, start, end))
}

const placesMax = 20

/** Names as whole words. */
function entitiesIn(lower: string, settings: ShroudSettings): Hit[] {
  return settings.outputPolicy.blockedEntities.flatMap((given) => {
    const entity = given.toLowerCase()
    const hits: Hit[] = []
    for (let at = entity === '' ? -1 : lower.indexOf(entity); at !== -1 && hits.length < placesMax; ) {
      const end = at + entity.length
      if (!/[\p{L}\p{N}]/u.test(lower.charAt(at - 1)) && !/[\p{L}\p{N}]/u.test(lower.charAt(end)))
        hits.push(hit(settings, 'blocked_entity', 'The answer names what the settings block.', at, end))
      at = lower.indexOf(entity, end)
    }
    return hits
  })
}
