import { defineConfig } from 'vitest/config';

// The built program as a process, where only the published files are, in a pseudo-terminal, and killed at random moments.
export default defineConfig({
  test: {
    include: ['test/process/**/*.test.ts'],
    setupFiles: 'test/seed.ts',
    testTimeout: 900_000,
    reporters: process.env.VITEST_REPORT
      ? ['default', ['json', { outputFile: process.env.VITEST_REPORT }]]
      : ['default'],
  },
});
