import { describe, expect, it } from 'vitest'
import { openMemory } from './memory.ts'

function opened({ lasts = 3000, most = 3 } = {}) {
  let now = 0
  const asked: string[] = []
  const memory = openMemory<string>({ lasts, most }, () => now)
  const get = (key: string, answer: Promise<string> = Promise.resolve(`${key}${asked.length}`)) =>
    memory.get(key, () => {
      asked.push(key)
      return answer
    })
  return {
    asked,
    get,
    forget: (begin: string) => memory.forget(begin),
    advance: (ms: number) => (now += ms),
  }
}

describe('what is remembered of answers', () => {
  it('is as old as its question, whenever the answer came', async () => {
    const { asked, get, advance } = opened()
    const slow = Promise.withResolvers<string>()
    const first = get('a', slow.promise)
    advance(2000)
    slow.resolve('slow')
    expect(await first).toBe('slow')
    advance(999)
    expect(await get('a')).toBe('slow')
    advance(1)
    expect(await get('a')).toBe('a1')
    expect(asked).toEqual(['a', 'a'])
  })

  it('is shared by who asks meanwhile, and holds no failure', async () => {
    const { asked, get } = opened()
    const lost = Promise.withResolvers<string>()
    const both = [get('a', lost.promise), get('a')]
    lost.reject(new Error('away'))
    for (const one of both) await expect(one).rejects.toThrow('away')
    expect(await get('a')).toBe('a1')
    expect(asked).toEqual(['a', 'a'])
  })

  it('is no more than so many, the oldest forgotten first', async () => {
    const { asked, get } = opened()
    for (const key of ['a', 'b', 'c', 'd']) await get(key)
    await get('d')
    await get('b')
    expect(asked).toEqual(['a', 'b', 'c', 'd'])
    await get('a')
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'a'])
  })

  it('is nothing where nothing is to be remembered', async () => {
    const { asked, get } = opened({ lasts: 0 })
    await get('a')
    await get('a')
    expect(asked).toEqual(['a', 'a'])
  })
  it('is forgotten by the beginning of its key, and what is asked for just now with it', async () => {
    const { asked, get, forget } = opened()
    const slow = Promise.withResolvers<string>()
    const early = get('a 1', slow.promise)
    await get('ab 1')
    forget('a ')
    slow.resolve('early')
    expect(await early).toBe('early')
    expect(await get('a 1')).toBe('a 12')
    expect(await get('ab 1')).toBe('ab 11')
    expect(asked).toEqual(['a 1', 'ab 1', 'a 1'])
  })
})
