/** Test support: the OpenAPI document of tracker-api.ts, as nested as such are, and its canaries. */
const text = { type: 'string', maxLength: 100 }
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const writes = (operationId: string, properties: object, required: string[] = []) => ({
  operationId,
  requestBody: {
    content: { 'application/json': { schema: { type: 'object', required, properties } } },
  },
})
const reads = (operationId: string) => ({ operationId, responses: {} })

export const trackerDocument = {
  openapi: '3.1.0',
  info: { title: 'Tracker', version: '1' },
  security: [{ bearer: [] }],
  paths: {
    '/search': {
      get: {
        ...reads('search'),
        parameters: [{ name: 'q', in: 'query', required: true, schema: text }],
      },
    },
    '/projects': {
      get: reads('listProjects'),
      post: writes('createProject', { name: text }, ['name']),
    },
    '/projects/{projectId}': {
      parameters: [inPath('projectId')],
      get: reads('readProject'),
      patch: writes('renameProject', { name: text }, ['name']),
      delete: reads('deleteProject'),
    },
    '/projects/{projectId}/activity': {
      parameters: [inPath('projectId')],
      get: reads('listActivity'),
    },
    '/projects/{projectId}/tasks': {
      parameters: [inPath('projectId')],
      get: reads('listTasks'),
      post: writes('createTask', { name: text }, ['name']),
    },
    '/tasks/{taskId}': {
      parameters: [inPath('taskId')],
      get: reads('readTask'),
      patch: writes('changeTask', { name: text, projectId: text }),
      delete: reads('deleteTask'),
    },
    '/tasks/{taskId}/comments': {
      parameters: [inPath('taskId')],
      get: reads('listComments'),
      post: writes('createComment', { name: text }, ['name']),
    },
    '/tasks/{taskId}/comments/{commentId}': {
      parameters: [inPath('taskId'), inPath('commentId')],
      get: reads('readComment'),
      delete: reads('deleteComment'),
    },
  },
}

export const trackerCanaries = {
  openapi: '/openapi.json',
  tenants: {
    a: { objects: { project: 'project-a', task: 'task-a', comment: 'comment-a' } },
    b: { objects: { project: 'project-b', task: 'task-b', comment: 'comment-b' } },
  },
}
