import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** `npm run test:cluster`: everything that needs a cluster, one file after the other, since they share it. */
const config: ViteUserConfig = defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  test: {
    include: ['test/cluster/**/*.test.ts', '**/*.cluster.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: [join(import.meta.dirname, 'global-setup.ts')],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
})

export default config
