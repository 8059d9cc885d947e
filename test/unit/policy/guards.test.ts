import { describe, expect, it } from 'vitest';
import policySchema from '../../../schemas/policy.schema.json' with { type: 'json' };
import { approvals, argumentForms, toGuards } from '../../../src/policy/guards.js';

const { properties } = policySchema.properties.guards;

describe('guards', () => {
  it('have the defaults that their schema names', () => {
    const defaults = (of: object) =>
      Object.fromEntries(Object.entries(of).map(([key, { default: value }]) => [key, value]));
    expect(toGuards()).toEqual({
      ...defaults(properties),
      packages: defaults(properties.packages.properties),
    });
    expect(properties.approve.items.enum).toEqual(approvals);
    expect(properties.arguments.enum).toEqual(argumentForms);
  });

  it('keep what a policy says beside the defaults', () => {
    expect(toGuards({ approve: [], packages: { minimumAgeDays: 0 } })).toEqual({
      ...toGuards(),
      approve: [],
      packages: { ...toGuards().packages, minimumAgeDays: 0 },
    });
  });
});
