import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeApi } from '../packages/server/src/openapi.ts'
import { compose } from '../packages/server/src/platform.ts'
import { renderApiTypes } from './api-types.ts'
import { folderOf, readManifest, root } from './packages.ts'

/** The API document as it is committed: what clients are generated from. */
export function renderApi(): string {
  const log = {
    origin: 'none',
    signer: { name: 'none', keyId: 0, sign: () => new Uint8Array(64) },
    key: '',
  }
  const bundles = { key: '', sign: () => new Uint8Array(64) }
  const origin = 'http://localhost'
  const { capabilities, authorization } = compose({
    log,
    witnesses: [],
    bundles,
    identityKey: new Uint8Array(32),
    origin,
    mails: true,
  })
  const routes = capabilities.flatMap((one) => one.routes ?? [])
  return `${JSON.stringify(describeApi(routes, authorization, readManifest(folderOf('server')).version), null, 2)}\n`
}

if (import.meta.main) {
  const document = renderApi()
  writeFileSync(join(root, 'openapi.json'), document)
  writeFileSync(join(folderOf('client'), 'src', 'api.ts'), await renderApiTypes(document))
}
