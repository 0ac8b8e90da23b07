import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDuration } from './duration.ts'
import { formatValue, readValue, type Param } from './params.ts'

const says = 'something'
const params: Record<string, Param> = {
  duration: { type: 'duration', says },
  limit: { type: 'limit', says },
  relative: { type: 'limit', words: ['next-test'], says },
  count: { type: 'number', least: 1, most: 10, says },
  version: { type: 'number', least: 1, most: 1.3, decimal: true, says },
  word: { type: 'word', says },
  choice: { type: 'word', of: ['none', 'some'], says },
  list: { type: 'list', says },
  choices: { type: 'list', of: ['firewall', 'waf', 'ddos'], says },
  date: { type: 'date', says },
}

const limit = (target: string, promise = target) => ({
  target: readDuration(target),
  promise: readDuration(promise),
})

describe('readValue', () => {
  it.each([
    ['duration', '30d', readDuration('30d')],
    ['limit', '24h', limit('24h')],
    ['limit', '2h..4h', limit('2h', '4h')],
    ['limit', '1d..24h', limit('1d')],
    ['limit', '4w..1mo', limit('4w', '1mo')],
    ['relative', 'Next-Test', 'next-test'],
    ['relative', '4h', limit('4h')],
    ['count', '10', 10],
    ['version', '1.2', 1.2],
    ['word', 'security@example.com', 'security@example.com'],
    ['word', 'größe', 'größe'],
    ['choice', 'None', 'none'],
    ['list', 'aws, heroku', ['aws', 'heroku']],
    ['choices', 'WAF,firewall', ['waf', 'firewall']],
    ['date', '2028-02-29', '2028-02-29'],
  ])('%s: %s', (name, text, value) => {
    expect(readValue(params[name]!, text)).toEqual({ value })
  })

  it.each([
    ['duration', '', /missing/, undefined],
    ['duration', '30', /of what/, undefined],
    ['duration', '30 days', /not a duration/, '30d'],
    ['duration', '24hrs', /not a duration/, '24h'],
    ['duration', '0d', /not a duration/, undefined],
    ['duration', '2h..4h', /not a duration/, undefined],
    ['limit', '4h..2h', /ends before it starts/, undefined],
    ['limit', '1mo..30d', /ends before it starts/, undefined],
    ['limit', '2h..', /not a duration/, undefined],
    ['limit', '..4h', /not a duration/, undefined],
    ['limit', '1h..2h..3h', /not a duration/, undefined],
    ['limit', 'next-test', /not a duration/, undefined],
    ['relative', 'soon', /not one of: next-test/, undefined],
    ['count', '11', /outside 1 to 10/, undefined],
    ['count', '0', /outside/, undefined],
    ['count', '1.5', /not a whole number/, undefined],
    ['count', '1e1', /not a whole number/, undefined],
    ['count', '-1', /not a whole number/, undefined],
    ['count', '٣', /not a whole number/, undefined],
    ['count', '9'.repeat(400), /outside/, undefined],
    ['version', 'TLS1.2', /not a number/, undefined],
    ['version', '1.', /not a number/, undefined],
    ['choice', 'nome', /not one of/, 'none'],
    ['choice', 'zebra', /not one of/, undefined],
    ['word', 'two words', /not a word/, undefined],
    ['word', 'x'.repeat(201), /not a word/, undefined],
    ['word', '<script>', /not a word/, undefined],
    ['list', 'aws,,heroku', /empty place/, undefined],
    ['list', ',', /empty place/, undefined],
    ['list', 'aws,aws', /twice/, undefined],
    ['choices', 'waf,WAF', /twice/, undefined],
    ['choices', 'waf,fierwall', /not one of/, 'firewall'],
    ['date', '2027-02-29', /not a calendar date/, undefined],
    ['date', '1 March 2027', /not a calendar date/, undefined],
  ])('%s: refuses %s', (name, text, problem, suggestion) => {
    const reading = readValue(params[name]!, text)
    expect(reading).toHaveProperty('problem', expect.stringMatching(problem))
    expect('suggestion' in reading ? reading.suggestion : undefined).toBe(suggestion)
  })

  it('takes any text, and writes back what it takes', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.stringMatching(/^[0-9a-z.,:-]{1,12}$/),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(params)), texts, (param, text) => {
        const reading = readValue(param, text)
        if ('problem' in reading) expect(reading.problem).not.toBe('')
        else expect(readValue(param, formatValue(reading.value))).toEqual(reading)
      }),
      { numRuns: 3000 },
    )
  })
})
