import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by the vitest configurations: below 1 in `npm test`, many times that in `npm run test:property`. */
    readonly depth: number;
  }
}

/** Whether there is time for all, and not only for a sample. */
export const isDeep = inject('depth') > 1;

/** How often to try a property that needs so many examples to be likely to fail: `npm test` takes a sample of them. */
export function runs(usual: number): number {
  return Math.ceil(usual * inject('depth'));
}
