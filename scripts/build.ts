import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackage } from './build-package.ts'
import { folderOf, published } from './packages.ts'

for (const one of published) {
  const target = join(folderOf(one.name), 'dist')
  rmSync(target, { recursive: true, force: true })
  await buildPackage(one, target)
  console.log(`built packages/${one.name}/dist`)
}
