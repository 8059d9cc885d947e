import { offerFix } from '../container/fixes.js';
import type { Edit, Fix } from '../core/rule.js';
import { member } from '../documents/json.js';
import { removeNodes } from '../documents/json-edits.js';
import { appendSetting, setSetting } from '../documents/settings.js';
import type { AgentSettings } from './agent-settings.js';
import type { AgentPermission } from './permissions.js';

/** Ways to take back what an entry of Claude Code's lists allows: to be asked each time, or to drop it. */
export function offerNarrowing(settings: AgentSettings, permission: AgentPermission): Fix[] {
  return [
    ...offerFix(
      'move it to ask',
      'the agent asks before each of these, and cannot run them unattended',
      moveToAsk(settings, permission),
    ),
    ...offerFix('remove it', 'allow the commands that the project needs one by one', permission.remove()),
  ];
}

function moveToAsk({ document }: AgentSettings, { node, text }: AgentPermission): readonly Edit[] {
  const permissions = member(document.root, 'permissions')?.value;
  if (document.language !== 'json' || !permissions) return [];
  const ask = member(permissions, 'ask')?.value;
  const added = ask ? appendSetting(document, ask, text) : setSetting(document, permissions, 'ask', [text]);
  return added.length === 0 ? [] : [...removeNodes(document, [node]), ...added];
}
