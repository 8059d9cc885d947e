import { type GuardFile, guardProgram, guardTimeout, toJson } from './guard-input.js';

/**
 * Cursor reads hooks of the machine besides those of the project and the user, and lets a broken one block where it says so.
 * Its permissions have no enforced place. Source: cursor.com/docs/agent/hooks, 2026-11; not tried, since nothing of it can be pinned.
 */
export function guardCursor(): readonly GuardFile[] {
  const hook = { command: `${guardProgram} cursor`, failClosed: true, timeout: guardTimeout };
  return [
    {
      target: '/etc/cursor/hooks.json',
      text: toJson({
        version: 1,
        hooks: {
          beforeShellExecution: [hook],
          beforeMCPExecution: [hook],
          beforeReadFile: [hook],
          preToolUse: [{ ...hook, matcher: 'Write|Delete|Grep|Task' }],
        },
      }),
    },
  ];
}

/** Cline runs what lies in its folder of hooks, which its starter names; the folder is root's. */
export function guardCline(): readonly GuardFile[] {
  return [
    {
      target: '/etc/cline/hooks/PreToolUse',
      text: `#!/bin/sh\nexec ${guardProgram} cline\n`,
      executable: true,
    },
  ];
}
