import { describe, expect, it } from 'vitest'
import { objections, underlined } from '../../test/objections.ts'

describe('a version that forbids the better one', () => {
  it.each([
    ['All connections always use TLS 1.2.', 'TLS 1.2'],
    ['We only accept TLSv1.2 connections.', 'TLSv1.2'],
    ['Our servers enforce TLS 1.2 on all endpoints.', 'TLS 1.2'],
    ['Traffic between services must use TLSv1.2.', 'TLSv1.2'],
    ['TLS 1.2 is mandatory for API calls.', 'TLS 1.2'],
    ['Traffic is encrypted with TLS version 1.2 exclusively.', 'TLS version 1.2'],
  ])('%s', (sentence, words) => {
    expect(underlined(sentence, 'too-literal')).toEqual([`1: ${words}`])
  })

  it.each([
    'All connections use TLS 1.2.',
    'We require TLS 1.2 or higher.',
    'Connections must use at least TLS 1.2.',
    'We require TLS 1.2+ for every connection.',
    'We turned off TLS 1.1 and require TLS 1.2.',
    'Your client must be able to speak TLS 1.2.',
    'Browsers must support TLS 1.2.',
    'Traffic must be encrypted, and today it uses TLS 1.2.',
    'We only accept TLS 1.2 or newer.',
    'Only TLS 1.2+ is accepted.',
    'We always use at least TLS 1.2.',
    'We only use TLS 1.2 and TLS 1.3.',
    'TLS 1.2 protects every connection to our servers, and of the personal data on them only as much as is needed is ever kept.',
    'Internal services speak only TLS 1.3.',
    'Is TLS 1.2 always used?',
  ])('lets pass: %s', (sentence) => {
    expect(objections(sentence)).toEqual([])
  })

  it('proposes "or newer"', () => {
    expect(objections('TLS 1.2 at all times.')[0]!.suggestion).toBe('TLS 1.2 or newer')
  })
})
