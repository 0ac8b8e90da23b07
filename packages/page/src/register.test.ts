import { describe, expect, it } from 'vitest'
import { maySpeak, sections, subjectMeanings, subjectTypes, type Runner } from './register.ts'

describe('maySpeak', () => {
  const runner = (kinds: string[], subjects: string[]): Runner => ({
    id: 'probe',
    holder: 'collector',
    name: null,
    kinds,
    subjects,
  })
  it.each([
    [['*'], ['*'], true],
    [['database.backup'], ['main'], true],
    [['database.*'], ['main'], true],
    [['endpoint.*', 'database.*'], ['other', 'main'], true],
    [['endpoint.*'], ['*'], false],
    [['database'], ['*'], false],
    [['data*'], ['*'], false],
    [['*.*'], ['*'], false],
    [['database.backup-copies'], ['*'], false],
    [['*'], ['other'], false],
    [['*'], ['ma*'], false],
    [[], ['*'], false],
    [['*'], [], false],
  ])('kinds %j and subjects %j: %j', (kinds, subjects, may) => {
    expect(maySpeak(runner(kinds, subjects), 'database.backup', 'main')).toBe(may)
  })
})

describe('the sections', () => {
  it('each have a type of their own, and every type is explained', () => {
    expect(new Set(subjectTypes).size).toBe(Object.keys(sections).length)
    expect(Object.keys(subjectMeanings).toSorted()).toEqual(subjectTypes.toSorted())
  })
})
