import { relative } from 'node:path'
import { startVitest, type Reporter, type TestCase, type TestModule } from 'vitest/node'
import { root } from './packages.ts'

const count = { passed: 0, failed: 0, skipped: 0 }
const skipped: string[] = []

/** Counts for itself, so that the last line of a run can be read by a person and by a program. */
const tally: Reporter = {
  onTestRunEnd(modules, unhandled) {
    count.failed += unhandled.length
    for (const module of modules) countModule(module)
  },
}

function countModule(module: TestModule): void {
  const broken = [...module.children.allSuites(), module].filter((one) => one.errors().length > 0)
  count.failed += broken.length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'pending') count.failed++
    else count[state]++
    if (state === 'skipped') skipped.push(saySkipped(test))
  }
}

function saySkipped(test: TestCase): string {
  const result = test.result()
  const note = result.state === 'skipped' ? result.note : undefined
  const reason = note ?? 'its name says why'
  return `skipped: ${relative(root, test.module.moduleId)} > ${test.fullName}: ${reason}`
}

// Node reads the TypeScript of the configuration itself: Vite would write a copy of it beside it,
// which another user's clone does not allow.
const vitest = await startVitest('test', process.argv.slice(2), {
  root,
  run: true,
  watch: false,
  reporters: ['default', tally],
  configLoader: 'native',
})
await vitest.close()
for (const line of skipped) console.log(line)
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exitCode ||= count.failed > 0 || count.passed === 0 ? 1 : 0
