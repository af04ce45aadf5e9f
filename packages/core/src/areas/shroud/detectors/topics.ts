/** Words by which topics and tasks are known. Another topic is known by its own name. */
const topicWords: Readonly<Record<string, string>> = {
  finance: 'invest|investing|investment|stock|stocks|bond|bonds|portfolio|trading|etf|dividend|forex|broker',
  crypto: 'crypto|cryptocurrency|bitcoin|ethereum|blockchain|defi|token|nft|altcoin|stablecoin|wallet',
  medical:
    'medical|diagnosis|diagnose|symptom|symptoms|medication|dosage|prescription|disease|therapy|doctor|treatment',
  legal: 'legal|lawsuit|lawyer|attorney|contract|litigation|liability|court|plaintiff|sue',
  politics: 'politics|political|election|president|senator|parliament|vote|voting|democrat|republican|campaign',
  religion: 'religion|religious|church|mosque|temple|bible|quran|prayer|god',
  gambling: 'gambling|casino|poker|betting|bet|bets|lottery|slots|roulette|blackjack',
  weapons: 'weapon|weapons|gun|guns|firearm|firearms|rifle|ammunition|explosive|explosives|bomb|grenade',
  drugs: 'drug|drugs|cocaine|heroin|methamphetamine|mdma|lsd|cannabis|fentanyl|opioid',
  adult: 'porn|pornography|nude|nudes|erotic|nsfw|sexual|escort',
  violence: 'violence|kill|murder|assault|torture|attack|stab|shoot',
  hacking: 'hack|hacking|exploit|malware|ransomware|phishing|rootkit|keylogger|botnet|backdoor|ddos',
  dating: 'dating|tinder|flirt|girlfriend|boyfriend|hookup',
  competitors: 'competitor|competitors|rival|rivals',
  code: 'code|coding|program|programming|function|script|bug|debug|compile|python|javascript|typescript|refactor|sql|regex',
  translation: 'translate|translation|translating',
  summarization: 'summarize|summarise|summary|summarization|tldr',
  writing: 'write|essay|poem|story|article|blog|letter|draft',
  math: 'math|mathematics|calculate|equation|integral|derivative|algebra|solve',
  search: 'search|find|lookup|browse',
  analysis: 'analyze|analyse|analysis|compare|evaluate',
  email: 'email|mail|reply|inbox',
  support: 'support|ticket|refund|order|shipping|customer',
}

/** The words of a topic, and those of the topics that it is made of: `crypto_trading` has those of both. */
export function wordsOfTopic(topic: string): readonly string[] {
  const name = topic
    .toLowerCase()
    .replace(/[^\p{L}\p{N}']+/gu, ' ')
    .trim()
  const known = [name, ...name.split(' ')].map((part) => topicWords[part] ?? topicWords[singular(part)] ?? '')
  return [...new Set([name, ...known.flatMap((words) => words.split('|'))])].filter((word) => word !== '')
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word
}
