import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// The properties that `npm test` samples, tried many more times and in every way of writing.
export default defineConfig({
  test: {
    include: ['test/property/**/*.test.ts'],
    setupFiles: 'test/seed.ts',
    provide: { depth: 20 },
    isolate: false,
    maxWorkers: availableParallelism(),
    testTimeout: 900_000,
    reporters: process.env.VITEST_REPORT
      ? ['default', ['json', { outputFile: process.env.VITEST_REPORT }]]
      : ['default'],
  },
});
