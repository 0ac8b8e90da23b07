import { describe, expect, it } from 'vitest'
import type { Canaries, Operation } from './canaries.ts'
import type { Caller, Objects } from './trial.ts'
import { openWords } from './words.ts'

const tell: Operation = { name: 'tell', method: 'POST', path: '/said', body: '{anyWord}' }
const ask: Operation = { name: 'ask', method: 'GET', path: '/said' }
const onBoard: Operation = { ...tell, name: 'pin', path: '/boards/{board}' }
const canaries: Canaries = {
  global: ['askAll'],
  operations: [tell, ask, onBoard],
  tenants: { a: { objects: { board: 'one', note: 'n-a' } }, b: { objects: { board: 'one' } } },
}

/** An app that gives everybody what was said last. */
function wall(most = 10, status = 200) {
  const crossings: string[] = []
  let said = ''
  const words = openWords(
    canaries,
    (_, operation, objects) => {
      if (operation.method === 'POST') said = objects['anyWord']!
      return Promise.resolve({ status, headers: {}, body: `said: "${said.toUpperCase()}"` })
    },
    most,
    ({ name }) => crossings.push(name),
  )
  const send = (as: Caller, operation: Operation, objects: Objects = { board: 'one' }) =>
    words.send(as, operation, objects)
  return { send, words, crossings, say: (text: string) => (said = text) }
}

describe('the words of a canary', () => {
  it('cross when another or nobody is told them, and not when it is told its own', async () => {
    const { send, crossings } = wall()
    await send({ tenant: 'a' }, tell)
    await send({ tenant: 'a', lesser: true }, ask)
    expect(crossings).toEqual([])
    await send({ tenant: 'b' }, ask)
    expect(crossings).toEqual(['ask'])
    await send({ tenant: null }, ask)
    expect(crossings).toEqual(['ask', 'ask'])
  })

  it('are for all where they are said in public or to what both have', async () => {
    const { send, crossings } = wall()
    await send({ tenant: 'a' }, { ...tell, public: true })
    await send({ tenant: 'b' }, ask)
    await send({ tenant: 'a' }, onBoard)
    await send({ tenant: 'b' }, ask)
    expect(crossings).toEqual([])
  })

  it('may be told by what is open to everybody, or of all by right', async () => {
    const { send, crossings } = wall()
    await send({ tenant: 'a' }, tell)
    await send({ tenant: 'b' }, { ...ask, public: true })
    await send({ tenant: 'b' }, { ...ask, name: 'askAll' })
    expect(crossings).toEqual([])
    await send({ tenant: 'b' }, ask)
    expect(crossings).toEqual(['ask'])
  })

  it('are ids too, until another sends them itself', async () => {
    const { send, words, crossings, say } = wall()
    const id = '7f0c9b62-1d3e-4a55-9f10-0c2b6a7d8e91'
    words.remember(id, 'a')
    words.remember('4711', 'a')
    say('4711')
    await send({ tenant: 'b' }, ask)
    expect(crossings).toEqual([])
    say(id)
    await send({ tenant: 'b' }, ask)
    expect(crossings).toEqual(['ask'])
    const named = { ...ask, path: '/notes/{note}' }
    await send({ tenant: 'b' }, named, { note: id })
    await send({ tenant: 'b' }, ask)
    await send({ tenant: null }, named, { note: id })
    expect(crossings).toEqual(['ask'])
  })
})

describe('sending', () => {
  it('ends after the most requests, and where the app asks for patience', async () => {
    const { send } = wall(2)
    await send({ tenant: 'a' }, ask)
    await send({ tenant: 'a' }, ask)
    await expect(send({ tenant: 'a' }, ask)).rejects.toThrow(/more than 2 requests/)
    await expect(wall(2, 429).send({ tenant: 'a' }, ask)).rejects.toThrow(/ask was refused.*429/)
  })
})
