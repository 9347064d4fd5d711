// Tests run what `tsc` made (decorators need its metadata), on one real PostgreSQL for the whole run.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As Node resolves it. Vite would take the package's `module` file: a second graphql beside the one of the built server.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global.ts',
    setupFiles: 'test/support/console.ts',
    reporters: ['default', './test/support/no-skips.ts'],
    pool: 'forks',
    // Half of the work is PostgreSQL's: two at a time take two thirds of the time on two cores.
    maxWorkers: 2,
    // To end what hangs, on a machine however slow; nothing is measured by it.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // The built server loads as in production: by Node, so that there is one graphql and one of everything else.
    server: { deps: { external: [/\/dist\//] } },
  },
})
