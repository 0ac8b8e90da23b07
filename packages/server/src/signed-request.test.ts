import { describe, expect, it } from 'vitest'
import { makeKey, signed, type ToSign } from '../test/signing.ts'
import { checkSignatureFields } from './signed-request.ts'

const ci = makeKey('ci')
const sign = (more: Partial<ToSign> = {}) =>
  signed(ci, { url: 'https://kept.test/api/evidence', body: '{}', created: 1, ...more })
const without = (name: string, from = sign()) => ({
  ...from,
  'signature-input': from['signature-input']!.replace(new RegExp(`;${name}=[^;]*`), ''),
})

describe('the fields of a signature', () => {
  it.each([
    ['there are none', {}, /must hold one signature, under one label/],
    ['there are two', { ...sign(), signature: `${sign()['signature']}, b=:aaaa:` }, /under one label/],
    ['their labels differ', { ...sign(), signature: 'other=:aaaa:' }, /under one label/],
    ['the path is not covered', sign({ components: ['@method'] }), /does not cover @authority, @path/],
    ['there is no nonce', without('nonce'), /it has no nonce$/],
    ['there is no time', without('created'), /it has no created$/],
    ['the nonce is empty', sign({ nonce: '' }), /nonce must have 1 to 100 characters$/],
    ['the nonce is over-long', sign({ nonce: 'a'.repeat(101) }), /nonce must have 1 to 100 characters$/],
  ])('are refused where %s', (_, headers, why) => {
    const refusal = expect.objectContaining({
      code: 'bad-signature',
      message: expect.stringMatching(why) as string,
      detail: expect.objectContaining({ fix: expect.stringContaining('@method') as string }) as object,
    }) as Error
    expect(() => checkSignatureFields(headers)).toThrow(refusal)
  })

  it.each(['a', 'a'.repeat(100)])('are taken with the nonce %s', (nonce) => {
    expect(() => checkSignatureFields(sign({ nonce }))).not.toThrow()
  })
}) // prettier-ignore
