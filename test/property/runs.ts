import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Set by the vitest configurations: 1 in `npm test`, more in `npm run test:property`. */
    readonly depth: number;
  }
}

/** Whether there is time for all, and not only for a sample. */
export const isDeep = inject('depth') > 1;

/** How often to try a property that `npm test` tries so many times. */
export function runs(usual: number): number {
  return usual * inject('depth');
}
