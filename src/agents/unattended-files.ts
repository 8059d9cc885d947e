import type { Sign } from '../container/container.js';
import { unattendedIn } from '../container/unattended.js';
import { type JsonNode, member, placeOf, stringValue } from '../documents/json.js';
import type { AgentSettings } from './agent-settings.js';
import { taskCommands } from './tasks.js';

const modes: Partial<
  Record<AgentSettings['agent'], readonly (readonly [path: readonly string[], value: unknown])[]>
> = {
  claude: [[['permissions', 'defaultMode'], 'bypassPermissions']],
  qwen: [
    [['tools', 'approvalMode'], 'yolo'],
    [['approvalMode'], 'yolo'],
  ],
  opencode: [[['permission'], 'allow']],
  amp: [[['amp.dangerouslyAllowAll'], true]],
  aider: [
    [['yes-always'], true],
    [['yes'], true],
  ],
};

/** Where a file lets its agent run without asking anybody. */
export function unattendedFiles(settings: readonly AgentSettings[]): readonly Sign[] {
  return settings.flatMap(({ agent, document }): readonly Sign[] => {
    const { root } = document;
    const stated = (modes[agent] ?? []).flatMap(([path, value]) => {
      const node = path.reduce<JsonNode | undefined>((one, key) => member(one, key)?.value, root);
      return node && node.value === value ? [{ place: placeOf(document, node), what: path.join('.') }] : [];
    });
    const policy = member(root, 'approval_policy')?.value;
    const isOpen = stringValue(member(root, 'sandbox_mode')?.value) === 'danger-full-access';
    if (agent === 'codex' && isOpen && policy && stringValue(policy) === 'never')
      return [{ place: placeOf(document, policy), what: 'approval_policy' }];
    if (agent !== 'vscode') return stated;
    return taskCommands(document).flatMap(({ text, node }) =>
      unattendedIn(text).map(({ start, end }) => ({
        place: placeOf(document, node),
        what: text.slice(start, end),
      })),
    );
  });
}
