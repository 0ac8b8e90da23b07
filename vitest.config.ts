import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'test/**/*.test.ts',
      'scripts/*.test.ts',
    ],
    globalSetup: ['packages/postgres/src/testing-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
