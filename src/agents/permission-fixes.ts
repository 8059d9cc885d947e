import { offerFix } from '../container/fixes.js';
import type { Edit, Fix } from '../core/rule.js';
import { elements, member } from '../documents/json.js';
import { removeNodes } from '../documents/json-edits.js';
import { appendSetting, removeSettings, setSetting } from '../documents/settings.js';
import type { AgentSettings } from './agent-settings.js';
import type { AgentPermission } from './permissions.js';

/** Ways to take back what entries of Claude Code's lists allow: to be asked each time, or to drop them. */
export function offerNarrowing(settings: AgentSettings, permissions: readonly AgentPermission[]): Fix[] {
  const them = permissions.length > 1 ? 'them' : 'it';
  return [
    ...offerFix(
      `move ${them} to ask`,
      'the agent asks before each of these, and cannot run them unattended',
      moveToAsk(settings, permissions),
    ),
    ...offerFix(
      `remove ${them}`,
      'allow what the project needs one by one',
      removeSettings(
        settings.document,
        permissions.map(({ node }) => node),
      ),
    ),
  ];
}

function moveToAsk({ document }: AgentSettings, moved: readonly AgentPermission[]): readonly Edit[] {
  const permissions = member(document.root, 'permissions')?.value;
  if (document.language !== 'json' || !permissions) return [];
  const texts = moved.map(({ text }) => text);
  const ask = member(permissions, 'ask')?.value;
  const added =
    ask && elements(ask).length > 0
      ? texts.flatMap((text) => appendSetting(document, ask, text))
      : setSetting(document, permissions, 'ask', texts);
  const removed = removeNodes(
    document,
    moved.map(({ node }) => node),
  );
  return added.length === 0 ? [] : [...removed, ...added];
}
