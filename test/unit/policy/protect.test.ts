import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../src/policy/check.js';
import { listOverlays } from '../../../src/policy/protect.js';

const problems = (sections: object) =>
  checkPolicy({ version: 1, name: 'x', ...sections }).map(({ pointer, message }) => `${pointer}: ${message}`);

describe('the policy of what the container sees', () => {
  it('takes files and folders of the project', () => {
    const protect = {
      readOnly: ['.git/hooks', 'a b.code-workspace', 'x'],
      mask: ['.env', 'api/.env.local', '.idea/'],
    };
    expect(problems({ protect })).toEqual([]);
  });

  it.each([
    '/etc',
    '../x',
    'a/../b',
    'a//b',
    './a',
    'a,b',
    'a"b',
    '${localEnv:HOME}',
    '.devcontainer/x',
    '.devcontainer',
    '',
  ])('refuses %j', (path) => {
    expect(problems({ protect: { readOnly: [path] } })).toHaveLength(1);
    expect(problems({ protect: { mask: [path] } })).toHaveLength(1);
  });

  it('refuses a path that is said twice', () => {
    expect(problems({ protect: { readOnly: ['a'], mask: ['a'] } })).toEqual([
      '/protect/mask/0: "a" is read-only already; name it in one of the two lists',
    ]);
    expect(problems({ protect: { mask: ['a/', 'a/b'] } })).toEqual([
      '/protect/mask/1: "a/b" lies in "a/", which is masked whole; leave it out',
    ]);
  });

  it('holds every folder above a read-only path where it is', () => {
    expect(
      listOverlays({ readOnly: ['.git/hooks', '.git/config', '.vscode'], mask: ['api/.env', '.idea/'] }),
    ).toEqual([
      { path: '.git', kind: 'writable' },
      { path: '.idea', kind: 'empty-folder' },
      { path: '.vscode', kind: 'read-only' },
      { path: '.git/config', kind: 'read-only' },
      { path: '.git/hooks', kind: 'read-only' },
      { path: 'api/.env', kind: 'empty-file' },
    ]);
  });
});

describe('the policy of what the container may take', () => {
  it.each([
    [{ memory: '256m' }, '/limits/memory: "256m" is too little for an editor\'s server; take 512m or more'],
    [{ memory: '8gb' }, '/limits/memory: "8gb" is no size; write a number with m or g behind it, such as 8g'],
    [
      { readOnlyRoot: true },
      '/limits/readOnlyRoot: the root can be read-only in the shape "sidecar" alone; in the other one PID 1 has to point /etc/resolv.conf at the resolver',
    ],
    [{ pids: 10 }, '/limits/pids: 10 is out of range; >= 256 is needed'],
    [{ memroy: '8g' }, '/limits: "memroy" is no property here; did you mean memory?'],
  ])('refuses %j', (limits, message) => {
    expect(problems({ limits })).toEqual([message]);
  });
});
