import { defineConfig } from 'vitest/config';

// The firewall in network namespaces, without an engine. Attacks run at the same time: their tokens keep them apart.
export default defineConfig({
  test: {
    include: ['test/firewall/**/*.test.ts'],
    globalSetup: 'test/firewall/prepare.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxConcurrency: 12,
    reporters: process.env.VITEST_REPORT
      ? ['default', ['json', { outputFile: process.env.VITEST_REPORT }]]
      : ['default'],
  },
});
