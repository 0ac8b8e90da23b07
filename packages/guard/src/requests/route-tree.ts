/** A line of the tree that `printRoutes` of Fastify draws: its depth, a part of a path, and the methods. */
const line =
  /^((?:│ {3}| {4}|├── |└── )+)(.*?)(?: \(([A-Z][A-Z-]*(?:, [A-Z][A-Z-]*)*)\))?(?: \{.*\})?$/

/**
 * The routes of a whole Fastify app, from the one place where it tells of all of them; its hooks tell a
 * plugin only of those added below it and after it.
 */
export function readRoutes(tree: string): { method: string; path: string }[] {
  const parts: string[] = []
  return tree.split('\n').flatMap((drawn) => {
    const [, indent, part, methods] = line.exec(drawn) ?? []
    if (indent === undefined) return []
    const depth = indent.length / 4
    parts.splice(depth - 1, Infinity, part!)
    const path = parts.join('')
    return methods === undefined ? [] : methods.split(', ').map((method) => ({ method, path }))
  })
}
