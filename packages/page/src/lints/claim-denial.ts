import { isMereDenial } from '../draft/match.ts'
import { recognise } from '../draft/recognise.ts'
import type { Claim } from '../page.ts'
import { readMarkdown } from '../read/markdown.ts'
import type { Block } from '../read/prose.ts'
import { readText } from '../read/text.ts'

/** `Unencrypted` denies what `encrypted` says. */
const prefix = String.raw`\bun(?=(?:encrypted|reviewed|tested|monitored|checked|approved|scanned|trained|protected|patched|isolated|separated|logged|audited)\b)`
const denial = new RegExp(
  String.raw`\b(?:not|never|no|nobody|none|neither|nor|cannot|nothing|nowhere|without|unable|zero)\b|n['’]t\b|${prefix}`,
  'gi',
)
/** Words that turn a denial round, limit it, or say of what it leaves out. */
const turning =
  /\b(?:than|except|unless|until|till|before|only|just|other|others|else|but|outside|beyond|longer|later|matter|fail\w*|miss\w*|skip\w*|bypass\w*|forg[eo]t\w*|doubts?|lack\w*|lose[sd]?|escape\w*|break\w*|avoid\w*|prevent\w*|stop\w*|own|author|wrote|themselves|himself|herself|exempt\w*|exceptions?|optional|excluded?)\b/i
/** `Access that is not needed is removed`: what is left out is said of a part. */
const relative = /\b(?:that|who) (?:\w+ ){0,2}?(?:not|no|never|cannot|\w+n['’]t)\b/i
/** Where another statement begins: what it denies says nothing of the one before. */
const joint =
  /[;:,.]| - |\b(?:and|but|so|because|since|while|which|if|when|whether|although|though)\b/i

/** The same said without its denial, as a recogniser reads it. */
const turned: readonly [RegExp, string][] = [
  [/\b(?:do|does|did)(?: not|n['’]t)\b/gi, ''],
  [/\bcan(?:not|['’]t| not)\b/gi, 'can'],
  [/\bwon['’]t\b/gi, 'will'],
  [/n['’]t\b/gi, ''],
  [/\bnobody\b/gi, 'everybody'],
  [/\bno one\b/gi, 'everybody'],
  [/\bnone of\b/gi, 'all of'],
  [/\bneither of\b/gi, 'all of'],
  [/\bnothing\b/gi, 'everything'],
  [/\bnowhere\b/gi, 'everywhere'],
  [/\b(?:is|are) unable to\b/gi, 'can'],
  [/\bwithout\b/gi, 'with'],
  [/\b(?:has|have) no\b/gi, 'have'],
  [/\bwith no\b/gi, 'with'],
  [/\b(?:no|zero)\b/gi, 'every'],
  [/\b(?:not|never)\b/gi, ''],
  [new RegExp(prefix, 'gi'), ''],
] // prettier-ignore

/**
 * The part of a claim's words that denies one of these proofs: with its denial a recogniser does not
 * read the proof there, and without it does.
 */
export function deniedIn({ text: own, context }: Claim, ids: ReadonlySet<string>): string | null {
  const [label, before] = beforeIn(own, context)
  const text = `${before}${own}`
  if (text.search(denial) < 0) return null
  if (isMereDenial(own)) return !answers(label, own, ids) && answers(label, 'Yes', ids) ? own : null
  for (const part of text.split(joint)) {
    const words = part.trim()
    // Two denials are none.
    if ((words.match(denial) ?? []).length !== 1 || turning.test(words) || relative.test(words))
      continue
    if (!reads(words, ids) && readings(words, words.length > text.length - 3).some((one) => reads(one, ids))) return words // prettier-ignore
  }
  return null
}

/** What a claim answers, or what its sentence begins with: `We do not [encrypt ...]`. */
function beforeIn(text: string, context: string): [label: string, before: string] {
  const parts = context.slice(0, Math.max(0, context.lastIndexOf(text))).split(' / ')
  const before = parts.pop()!
  const label = /\w/.test(before) ? before : (parts.pop() ?? '')
  return [label.replace(/[\s:|-]+$/, ''), before.split(joint).at(-1)!.trimStart()]
}

/** Whether a row or a question that is answered so says one of these proofs. */
function answers(label: string, answer: string, ids: ReadonlySet<string>): boolean {
  if (label === '' || label.includes('|')) return false
  if (label.endsWith('?')) return says(readText(`${label} ${answer}.`).blocks, ids)
  return says(readMarkdown(`| Control | State |\n| --- | --- |\n| ${label} | ${answer} |`).blocks, ids) // prettier-ignore
}

/** A denial leaves figures out that a recogniser waits for: a whole claim is read with some, too. */
function readings(words: string, isWhole: boolean): string[] {
  const all = [affirmed(words)]
  if (/\b(?:nobody|no one)\b/i.test(words)) all.push(affirmed(words.replace(/\b(?:nobody|no one)\b/i, 'somebody else'))) // prettier-ignore
  return isWhole ? all.flatMap((one) => [one, `${one} every month`, `${one} within 30 days`]) : all
}

function affirmed(words: string): string {
  return turned.reduce((text, [from, to]) => text.replace(from, to), words).replace(/ {2,}/g, ' ')
}

function reads(words: string, ids: ReadonlySet<string>): boolean {
  return says(readText(`${words[0]!.toUpperCase()}${words.slice(1)}.`).blocks, ids)
}

function says(blocks: readonly Block[], ids: ReadonlySet<string>): boolean {
  const all = [...recognise(blocks)].flatMap(({ found }) => found)
  return all.some(({ obligations }) => obligations.some(({ proof }) => ids.has(proof.id)))
}
