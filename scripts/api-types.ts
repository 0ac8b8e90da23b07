import { createRequire } from 'node:module'
import { join } from 'node:path'
import { folderOf } from './packages.ts'

interface Generator {
  default: (document: unknown) => Promise<unknown>
  astToString: (tree: unknown) => string
}

const banner = '/** Written from openapi.json by `npm run openapi`; do not edit. */\n\n'

/**
 * The types of the client, from the API document. The generator lies with the client, beside the
 * TypeScript 5.9 that it works with.
 */
export async function renderApiTypes(document: string): Promise<string> {
  const require = createRequire(join(folderOf('client'), 'package.json'))
  const { default: generate, astToString } = require('openapi-typescript') as Generator
  return banner + astToString(await generate(JSON.parse(document)))
}
