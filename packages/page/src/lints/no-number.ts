import { guardOf } from '../draft/guards.ts'
import type { Finding } from '../finding.ts'
import { isAboutProvider } from './about-provider.ts'
import { leadOf, object, quote, spanOf, type Reading, type Said, type Words } from './reading.ts'
import { saysHowOften, stretchesIn } from './words.ts'

/** A kind of word that promises without a measure. */
interface Vague {
  words: readonly Words[]
  pattern: RegExp
  /** What the sentence must speak of, so that the word is a promise. */
  about: RegExp
  /** A measure in the sentence by which the word is only ornament. */
  measured: (text: string) => boolean
  message: (words: string) => string
  /** What may stand in place of the words, where that leaves a sentence. */
  suggest: (said: Said, words: string, behind: string) => string | null
}

const hasStretch = (text: string) => stretchesIn(text).length > 0
const names =
  /\b(?:aes|tls|rsa|ecdsa|chacha20|sha-?(?:256|384|512)|argon2(?:id)?|bcrypt|scrypt|pbkdf2|owasp|nist|cis|iso|soc|fips|pci|sans|well-architected)\b|aes[-_ ]?\d|tls ?v?1/

const duties =
  /\b(?:fix\w*|patch\w*|remediat\w*|notif\w*|inform\w*|respon(?:d|ds|se)\w*|restor\w*|recover\w*|updat\w*|appl(?:y|ied|ies)|install\w*|revok\w*|remov\w*|terminat\w*|resol\w*|address\w*|delet\w*|eras\w*|investigat\w*|handl\w*|treat(?:s|ed)?|dealt|deploy\w*|mitigat\w*|escalat\w*|react\w*|disabl\w*|contain\w*|communicat\w*|report\w*|acknowledg\w*|deactivat\w*)\b/

/** An adverb in front of its verb has no period in its place: `we every quarter test`. */
const standsFree =
  /^\s*(?:$|[.,;:)!?-]|(?:when|whenever|if|after|once|and|or|but|by|in|on|of|at|for|to|with|from|upon|following|as|so|that|unless|until|before|where|while)\b)/

const vague: readonly Vague[] = [
  {
    words: [['immediately', 'instantly', 'promptly', 'prompt', 'quickly', 'swiftly', 'rapidly', 'expeditiously', 'asap', 'soon', 'delay', 'timely', 'earliest', 'away']],
    pattern:
      /\b(?:immediately|instantly|promptly|swiftly|rapidly|quickly|expeditiously|asap|as soon as (?:possible|practicable|practical)|as quickly as possible|without (?:undue|unreasonable) delay|in a timely (?:manner|fashion)|at the earliest|right away)\b(?! (?:available|visible|apparent|adjacent|preceding|following|above|below|identif\w+|effective|grow\w+|scal\w+|chang\w+|evolv\w+))/,
    about: duties,
    measured: (text) => hasStretch(text) || /\b(?:rto|rpo|sla)\b/.test(text),
    message: (words) => `"${words}" is a deadline without a number: nobody can say when it was missed.`,
    suggest: ({ text }, _words, behind) =>
      !standsFree.test(behind) ? null : `within ${/\b(?:vulnerab\w*|patch\w*|fix\w*|updat\w*|remediat\w*)\b/.test(text) ? '7 days' : /\b(?:restor\w*|recover\w*|revok\w*|terminat\w*|remov\w*|disabl\w*)\b/.test(text) ? '4 hours' : '24 hours'}`,
  },
  {
    words: [['periodically', 'periodic', 'regularly', 'regular', 'routinely', 'frequently', 'frequent', 'occasionally', 'time']],
    pattern:
      /\b(?:periodically|regularly|routinely|frequently|occasionally|from time to time|(?:on a|at) (?:regular|periodic|frequent) (?:basis|intervals)|(?:regular|periodic|frequent) (?=(?:\w+[- ]){0,3}?(?:tests?|testing|scans?|scanning|reviews?|audits?|assessments?|updates?|backups?|checks?|training|drills?|exercises?|patch\w*|penetration|maintenance|monitoring)\b))/,
    about:
      /\b(?:review\w*|test\w*|scan\w*|audit\w*|assess\w*|updat\w*|back(?:s|ed)? up|backups?|check\w*|train\w*|drill\w*|exercis\w*|patch\w*|penetration|monitor\w*|rotat\w*|evaluat\w*|vapt|inspect\w*|verif\w*|re-?certif\w*|maint\w*)\b/,
    measured: (text) => saysHowOften(text.replace(/\b(?:each|every) (?:employee|customer|system|change|release)\b/g, '')) || hasStretch(text),
    message: (words) => `"${words}" says no period: once in ten years would keep it.`,
    suggest: ({ text }, words, behind) => {
      const [every, adjective]: [string, string] = /\b(?:scan\w*|updat\w*|patch\w*|monitor\w*)\b/.test(text) ? ['every week', 'weekly'] : /\bback/.test(text) ? ['every 24 hours', 'daily'] : ['every quarter', 'quarterly']
      return /^(?:regular|periodic|frequent)$/i.test(words) ? adjective : standsFree.test(behind) ? every : null
    },
  },
  {
    words: [['number', 'unlimited', 'infinitely', 'infinite', 'impenetrable', 'unhackable', 'unbreakable', 'uncrackable', 'downtime', 'secure', 'bulletproof', 'safe', 'protected']],
    pattern:
      /\b(?:any number of (?:\w+ )?(?:requests|users|customers|transactions|connections|records|documents|invoices)|(?:unlimited|infinite) (?:scal\w+|capacity|requests|load)|infinitely scalable|impenetrable|unhackable|unbreakable|uncrackable|bulletproof|zero downtime|no downtime|(?:100 ?%|completely|totally|absolutely|perfectly|always) (?:secure|safe))\b/,
    about: /./,
    measured: (text) => /\bno (?:\w+ ){0,4}(?:100|completely|totally|absolutely|perfectly)|\bcannot\b|\bcan't\b|\bnot\b|\bno system\b|\bnothing is\b/.test(text),
    message: (words) => `"${words}" is an absolute that no system keeps: say the figure that was tested.`,
    suggest: ({ text }) => (/\bnumber of|scal|capacity|load\b/.test(text) ? '1,000 requests a second (load-tested every quarter)' : null),
  },
  {
    words: [['uptime', 'availability', 'available', 'down', 'offline', 'up', 'online', 'outage', 'outages'], ['100', 'never', 'always', 'not', 'don', 'doesn', 'won']],
    pattern:
      /\b100(?:\.0+)? ?(?:%|percent|per cent) (?:(?:service|system|platform|network|guaranteed|monthly) )?(?:uptime|availability|available)\b|\b(?:uptime|availability) (?:is|of) (?:always )?100(?:\.0+)? ?(?:%|percent|per cent)(?!\w)|\b(?:we|our (?:\w+ )?(?:services?|systems?|platform|app|application|product|site|servers?)|the (?:services?|systems?|platform|app|application|product|site)) (?:(?:never|will never|do not|don't|does not|doesn't|won't|will not) (?:ever )?(?:goes|go) (?:down|offline)|(?:is|are) (?:never (?:down|offline)|always (?:up|online|available)(?! (?:to|for|as|in|on|at|by|from)\b))|never (?:has|have) (?:an )?outages?)\b/,
    about: /./,
    measured: (text) =>
      /\b(?:last|past|since|previous|achieved|reached|measured|recorded|had|was|were|been|so far|to date|less than|more than|longer than|lower than|below|short of|no (?:system|one|vendor|service)|nobody|cannot|can't|goal|aim|aims|strive\w*|if|when|unless)\b|\b(?:not|never|n't) (?:\w+ ){0,2}(?:promis|guarante|claim|offer|aim)\w*|n't (?:\w+ ){0,2}(?:promise|guarantee|claim|offer)|\bin (?:the )?(?:20\d\d|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4])\b/.test(text),
    message: (words) => `"${words}" is an absolute that no system keeps: say the figure that was tested.`,
    suggest: () => null,
  },
  {
    words: [['past', 'happen', 'happens', 'occur', 'occurs', 'immune', 'impossible', 'invulnerable', 'hacked', 'breached']],
    pattern:
      /\b(?:(?:downtime|outages?|breach\w*|incidents?|data loss|attacks?|leaks?|hacks?)\b[^.;]{0,20}\b(?:(?:is|are) (?:a thing of the past|impossible|history)|(?:simply |just )?(?:do(?:es)? not|don't|doesn't|never|cannot|can't) (?:happen|occur))|(?:immune|invulnerable) (?:to|against)|impossible to (?:hack|breach|break into|crack)|(?:can(?:not|'t)|will never|never) be (?:hacked|breached))\b/,
    about: /./,
    measured: (text) => /\bno (?:system|one|vendor)\b|\bif\b|\bwhether\b|\b(?:cannot|can't|do not|don't|nobody can) (?:promise|guarantee|claim|pretend)\b/.test(text),
    message: (words) => `"${words}" is an absolute that no system keeps: say the figure that was tested.`,
    suggest: () => null,
  },
  {
    words: [['uptime', 'availability', 'reliability', 'performance', 'record', 'times'], ['excellent', 'outstanding', 'superb', 'exceptional', 'unmatched', 'unrivalled', 'great', 'good', 'high', 'fantastic', 'perfect', 'best', 'short', 'fast', 'none']],
    pattern:
      /\b(?:uptime|availability|reliability|performance|track record|response times?|recovery times?) (?:is|are|has been|have been|remains?) (?:(?:always|very|really|truly|extremely|exceptionally|simply|consistently) )?(?:excellent|outstanding|superb|exceptional|unmatched|unrivalled|great|good|high|fantastic|perfect|the best|short|fast|second to none)\b/,
    about: /./,
    measured: (text) => hasStretch(text) || /\d ?(?:%|percent|per cent)/.test(text),
    message: (words) => `"${words}" has no figure: say what you measure and what you promise.`,
    suggest: () => null,
  },
  {
    words: [['leading', 'standard', 'standards', 'class', 'practice', 'practices', 'art', 'grade', 'level', 'edge', 'notch']],
    pattern:
      /\b(?:industry(?:'s)?[- ]leading|market[- ]leading|industry[- ]standards?(?! (?:for|of)\b)|best[- ]in[- ]class|best[- ]of[- ]breed|world[- ]class|(?:industry |security |industry security )?best practices|state[- ]of[- ]the[- ]art|(?:bank|military|enterprise|government|hospital)[- ](?:grade|level)|cutting[- ]edge|top[- ]notch)\b/,
    about:
      /\b(?:encrypt\w*|secur\w*|protect\w*|prevent\w*|providers?|infrastructure|data cent(?:er|re)s?|authenticat\w*|firewalls?|technolog\w*|tools?|controls?|practices?|safeguards?|hosting|hosted|backups?|cryptograph\w*)\b/,
    measured: (text) =>
      names.test(text) || /\b(?:train\w*|aware\w*|educat\w*|recommend\w*|encourag\w*|learn\w*|advise\w*|guid(?:e|es|ance))\b/.test(text),
    message: (words) => `"${words}" measures nothing: every vendor writes it. Name the algorithm, the standard with its edition, or the certificate.`,
    suggest: ({ text }) =>
      /\bencrypt\w*|cryptograph\w*/.test(text) ? 'AES-256' : null,
  },
] // prettier-ignore

/** What others should do is no promise of ours. */
const asked =
  /\b(?:please|you (?:should|must|can|may|need|will|agree|are)|if you\b[^,]{0,60}, (?:contact|report|notify|tell)|(?:notify|inform|contact|tell|alert) us|let us know|report (?:it|them|this|any)\b|customers? (?:must|should|are responsible|can|may)|users? (?:must|should|can|may)|we (?:recommend|encourage|advise|ask|urge))\b/
const cautious = /\b(?:how|whether|what|why)\b[^.;]{0,20}$/
/** Promises made by a word that nobody can measure. */
export function noNumber(page: Reading): Finding[] {
  const found = new Map<number, Finding>()
  for (const kind of vague) {
    for (const said of page.stating(...kind.words)) {
      if (found.has(said.order) || asked.test(said.text) || isAboutProvider(page, said)) continue
      const match = kind.pattern.exec(said.text)
      if (!match || !kind.about.test(said.text) || kind.measured(said.text)) continue
      if (cautious.test(said.text.slice(0, match.index))) continue
      if (kind.measured(leadOf(said)) || guardOf(said.raw) === 'advice') continue
      const span = spanOf(match)
      while (said.text[span.to - 1] === ' ') span.to--
      const words = quote(said, span)
      found.set(said.order, object(page, said, span, {
        rule: 'no-number',
        level: 'warning',
        message: kind.message(words),
        suggestion: kind.suggest(said, words, said.text.slice(span.to, span.to + 30)),
      })) // prettier-ignore
    }
  }
  return [...found.values()]
}
