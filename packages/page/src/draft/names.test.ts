import { describe, expect, it } from 'vitest'
import { Analysis } from './analysis.ts'
import { namesIn } from './lists.ts'
import type { NameTable } from './names.ts'
import { undefinedKeys } from './phrases.ts'
import { rules } from './rules/index.ts'

const found = (table: NameTable, text: string) => [
  ...new Set(namesIn(new Analysis(text), table).map(({ value }) => value)),
]

describe('names', () => {
  it.each([
    ['regionNames', 'in West Europe or East US 2', ['westeurope', 'eastus2']],
    ['regionNames', 'Sydney and London', ['sydney', 'london']],
    ['regionNames', 'Denmark, Czechia and New Zealand', ['denmark', 'czechia', 'new-zealand']],
    ['regionNames', 'the UAE or the Czech Republic', ['uae', 'czechia']],
    ['regionNames', 'in New Mexico, New Jersey or Northern Ireland', []],
    ['regionNames', 'turkey for lunch', []],
    ['regionNames', 'UK GDPR and the German law', []],
    ['regionNames', 'for us', []],
    [
      'attackClasses',
      'SQL injection, XSS and forgotten secrets',
      ['sql-injection', 'xss', 'secrets'],
    ],
    ['attackClasses', 'injection flaws', ['injection']],
    ['roles', 'five engineers', []],
    ['roles', 'the engineering team', ['engineering']],
    ['environments', 'quality assurance and staging', ['qa', 'staging']],
    ['hostNames', 'Heroku (a Salesforce company)', ['heroku']],
    ['hashes', 'as argon2id hashes', ['argon2id']],
  ] as const)('of %s: %s', (table, text, values) => {
    expect(found(table, text)).toEqual(values)
  })
})

describe('the rules', () => {
  it('name no key that nothing defines', () => {
    expect(undefinedKeys(rules.flatMap(({ words, not }) => [words, not]))).toEqual([])
  })
})
