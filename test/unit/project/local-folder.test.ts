import { describe, expect, test } from 'vitest';
import { isFolderLabel } from '../../../src/project/local-folder.js';

const linux = { platform: 'linux', distribution: undefined };
const wsl = { platform: 'linux', distribution: 'Ubuntu-24.04' };
const windows = { platform: 'win32', distribution: undefined };

describe('the label of a container', () => {
  test.each([
    [linux, '/home/me/demo', '/home/me/demo'],
    [linux, '/home/me/demo/', '/home/me/demo'],
    [linux, '/', '/'],
    [windows, 'c:\\Users\\me\\demo', 'C:\\Users\\me\\demo'],
    [windows, 'c:\\users\\ME\\demo\\', 'C:\\Users\\me\\demo'],
    [windows, 'c:/Users/me/demo', 'C:\\Users\\me\\demo'],
    [windows, 'c:\\', 'C:\\'],
    [windows, '\\\\wsl$\\Ubuntu\\home\\me', '\\\\wsl.localhost\\Ubuntu\\home\\me'],
    [wsl, '/home/me/demo', '/home/me/demo'],
    [wsl, '\\\\wsl.localhost\\Ubuntu-24.04\\home\\me\\demo', '/home/me/demo'],
    [wsl, '\\\\wsl$\\ubuntu-24.04\\home\\me\\demo', '/home/me/demo'],
    [wsl, 'c:\\Users\\Me\\demo', '/mnt/c/Users/me/demo'],
  ])('%j: %s is %s', (system, label, folder) => {
    expect(isFolderLabel(label, folder, system)).toBe(true);
  });

  test.each([
    [linux, '/home/me/demo2', '/home/me/demo'],
    [linux, '/home/me/Demo', '/home/me/demo'],
    [linux, '', '/home/me/demo'],
    [linux, '\\\\wsl.localhost\\Ubuntu\\home\\me\\demo', '/home/me/demo'],
    [wsl, '\\\\wsl.localhost\\Debian\\home\\me\\demo', '/home/me/demo'],
    [wsl, '\\\\server\\Ubuntu-24.04\\home\\me\\demo', '/home/me/demo'],
    [wsl, 'd:\\Users\\me\\demo', '/mnt/c/Users/me/demo'],
    [wsl, '/home/me/Demo', '/home/me/demo'],
    [windows, 'd:\\demo', 'c:\\demo'],
  ])('%j: %s is not %s', (system, label, folder) => {
    expect(isFolderLabel(label, folder, system)).toBe(false);
  });
});
