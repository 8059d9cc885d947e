type Pair = readonly [four: string, six: string];
export const addresses: Readonly<
  Record<'dns' | 'allowed' | 'rotated' | 'shared' | 'registry' | 'attacker', Pair>
>;
export const tunnelled: readonly string[];
