/** Test support: the OpenAPI document of notes-api.ts, and what it says of its canaries. */
const text = { type: 'string', maxLength: 100 }
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const inQuery = (name: string, schema: object) => ({ name, in: 'query', schema })
const body = (properties: object, required: string[]) => ({
  required: true,
  content: { 'application/json': { schema: { type: 'object', required, properties } } },
})
const read = (operationId: string, ...parameters: object[]) => ({
  get: { operationId, parameters, responses: {} },
})

const note = { title: text, reference: text, board: text }

export const notesDocument = {
  openapi: '3.0.3',
  info: { title: 'Notes', version: '1' },
  security: [{ bearer: [] }],
  paths: {
    '/me': read('readMe'),
    '/settings': read('readSettings'),
    '/countries': read('listCountries'),
    '/support': read('readSupport'),
    '/searches': read('listSearches'),
    '/audit': read('listAudit'),
    '/members': {
      ...read('listMembers', inQuery('q', text)),
      post: {
        operationId: 'createMember',
        requestBody: body({ name: text, email: { type: 'string', format: 'email' } }, ['email']),
      },
    },
    '/members/{member}': {
      parameters: [inPath('member')],
      ...read('readMember'),
      patch: {
        operationId: 'updateMember',
        requestBody: body(
          {
            name: text,
            state: { type: 'string', enum: ['here', 'away'] },
            role: { type: 'string', enum: ['member', 'admin'] },
          },
          ['name'],
        ),
      },
      delete: { operationId: 'deleteMember' },
    },
    '/notes': {
      ...read('listNotes', inQuery('limit', { type: 'integer' }), inQuery('cursor', text)),
      post: {
        operationId: 'createNote',
        parameters: [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } }],
        requestBody: body(note, ['title']),
      },
    },
    '/notes/{note}': {
      parameters: [inPath('note')],
      ...read('readNote'),
      delete: { operationId: 'deleteNote' },
    },
    '/notes/lookup': {
      post: {
        operationId: 'lookupNotes',
        requestBody: body({ notes: { type: 'array', minItems: 1, items: text } }, ['notes']),
      },
    },
    '/digests': { post: { operationId: 'createDigest', requestBody: body({}, []) } },
    '/digests/{digest}': {
      parameters: [inPath('digest')],
      ...read('readDigest'),
      delete: { operationId: 'deleteDigest' },
    },
  },
}

/** Both have the board; everything else is of one alone. */
export const notesCanaries = {
  openapi: '/openapi.json',
  lesser: [
    'readMe',
    'listMembers',
    'readMember',
    'listCountries',
    'readSupport',
    'listNotes',
    'readNote',
    'lookupNotes',
    'updateMember',
  ],
  tenants: {
    a: { objects: { member: 'mem-a3', note: 'note-a1', digest: 'dig-a1' } },
    b: { objects: { member: 'mem-b3', note: 'note-b1', digest: 'dig-b1' } },
  },
}
