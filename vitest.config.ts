import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'],
    setupFiles: 'test/seed.ts',
    provide: { depth: 0.5 },
    // Tests share no state, and a fresh environment for each file costs more than all of them together.
    isolate: false,
    experimental: { fsModuleCache: true },
    // vitest leaves one core idle, which on two cores is half of the machine.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    reporters: process.env.VITEST_REPORT
      ? ['default', ['json', { outputFile: process.env.VITEST_REPORT }]]
      : ['default'],
  },
});
