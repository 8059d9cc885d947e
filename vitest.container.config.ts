import { defineConfig } from 'vitest/config';

// Slow tests against a real container engine, one file after the other: they share the engine and the fake internet.
export default defineConfig({
  test: {
    include: ['test/container/**/*.test.ts'],
    globalSetup: 'test/container/prepare.ts',
    testTimeout: 60_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    maxWorkers: 1,
    reporters: process.env.VITEST_REPORT
      ? ['verbose', ['json', { outputFile: process.env.VITEST_REPORT }]]
      : ['default'],
  },
});
