import { describe, expect, test } from 'vitest';
import { Attached } from '../../src/core/attached.js';

describe('what is attached to an object', () => {
  test('is found again in its own table alone', () => {
    const [names, sizes] = [new Attached<object, string>(), new Attached<object, number>()];
    const [one, other] = [{ path: 'a' }, { path: 'a' }];
    expect(names.get(one)).toBeUndefined();
    expect(names.has(one)).toBe(false);
    names.set(one, 'first');
    sizes.set(one, 1);
    expect([names.get(one), sizes.get(one)]).toEqual(['first', 1]);
    expect([names.get(other), sizes.has(other)]).toEqual([undefined, false]);
    names.set(one, 'second');
    expect([names.get(one), sizes.get(one)]).toEqual(['second', 1]);
  });

  test('may be nothing', () => {
    const table = new Attached<object, undefined>();
    const one = {};
    table.set(one, undefined);
    expect(table.has(one)).toBe(true);
    expect(table.get(one)).toBeUndefined();
  });

  test.each<[string, object]>([
    ['an object', { path: 'a', text: 'b' }],
    ['a list', ['a', 'b']],
    ['what nobody may change', Object.freeze({ path: 'a' })],
    ['a function', () => 1],
    ['an object without a prototype', Object.assign(Object.create(null), { path: 'a' })],
  ])('shows nowhere on %s', (_name, key) => {
    const look = () => ({
      keys: Reflect.ownKeys(key),
      prototype: Object.getPrototypeOf(key),
      text: JSON.stringify(key),
    });
    const before = look();
    const table = new Attached<object, string>();
    table.set(key, 'hidden');
    expect(table.get(key)).toBe('hidden');
    expect(look()).toEqual(before);
    expect(table.get({ ...key })).toBeUndefined();
  });
});
