import { defineConfig } from 'vitest/config';

// Every command on configurations from public repositories. They are nobody's to pass on, so they lie beside the checkout.
export default defineConfig({
  test: {
    include: ['test/corpus/**/*.test.ts'],
    setupFiles: 'test/seed.ts',
    globalSetup: 'test/corpus/prepare.ts',
    testTimeout: 60_000,
    reporters: process.env.VITEST_REPORT
      ? ['default', ['json', { outputFile: process.env.VITEST_REPORT }]]
      : ['default'],
  },
});
