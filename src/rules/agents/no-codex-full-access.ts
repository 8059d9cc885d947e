import type { AgentSettings } from '../../agents/agent-settings.js';
import { offerFix } from '../../container/fixes.js';
import { resolveHostPath } from '../../container/host-path.js';
import type { Report, Rule } from '../../core/rule.js';
import { elements, type JsonNode, member, placeOf, stringValue } from '../../documents/json.js';
import { removeSettings, replaceSetting } from '../../documents/settings.js';

export const noCodexFullAccess: Rule<'agent-settings'> = {
  id: 'no-codex-full-access',
  on: 'agent-settings',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not take the sandbox or the questions of Codex away in a repository',
  why: 'Without its sandbox Codex writes wherever the user may and talks to any host; without its questions nobody sees it. A repository that sets both hands the machine of everybody who trusts the folder to the next injected instruction.',
  references: [
    'https://developers.openai.com/codex/security',
    'https://developers.openai.com/codex/config-reference',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: {
        '.codex/config.toml':
          'model = "gpt-5"\napproval_policy = "never"\nsandbox_mode = «"danger-full-access"»\n',
      },
      fixed: {
        '.codex/config.toml':
          'model = "gpt-5"\napproval_policy = "on-request"\nsandbox_mode = "workspace-write"\n',
      },
    },
    {
      bad: {
        '.codex/config.toml':
          'sandbox_mode = "workspace-write"\n\n[sandbox_workspace_write]\nnetwork_access = «true»\nwritable_roots = ["/srv/cache/build", «"/"»]\n',
      },
    },
    {
      bad: { '.codex/config.toml': 'approvals_reviewer = «"auto_review"»\n' },
      fixed: { '.codex/config.toml': '' },
    },
  ],
  good: [
    {
      '.codex/config.toml':
        'sandbox_mode = "workspace-write"\napproval_policy = "on-request"\n[sandbox_workspace_write]\nnetwork_access = false\nexclude_slash_tmp = true\nexclude_tmpdir_env_var = true\nwritable_roots = ["./build"]\n',
    },
    { '.codex/config.toml': 'sandbox_mode = "read-only"\n' },
  ],
  *check(settings) {
    if (settings.agent !== 'codex') return;
    for (const report of [...checkModes(settings), ...checkWriting(settings)]) {
      // What the vendor advises inside of a container that is closed.
      if (settings.image?.judged.isIsolated()) yield { ...report, severity: 'info', persona: 'pedantic' };
      else yield report;
    }
  },
};

function* checkModes({ document }: AgentSettings): Iterable<Report> {
  const { root } = document;
  const mode = member(root, 'sandbox_mode')?.value;
  const policy = member(root, 'approval_policy')?.value;
  const isOpen = stringValue(mode) === 'danger-full-access';
  const isSilent = stringValue(policy) === 'never';
  if (mode && isOpen)
    yield {
      place: placeOf(document, mode),
      message: isSilent
        ? 'runs Codex without a sandbox (danger-full-access) and without a question (approval_policy never)'
        : 'runs Codex without a sandbox (danger-full-access)',
      severity: isSilent ? 'error' : 'warning',
      ...(policy &&
        isSilent && { related: [{ place: placeOf(document, policy), message: 'nobody is asked' }] }),
      fixes: offerFix(
        isSilent ? 'use workspace-write and on-request' : 'use workspace-write',
        'what needs more than the workspace asks, or fails',
        [
          ...replaceSetting(document, mode, 'workspace-write'),
          ...(policy && isSilent ? replaceSetting(document, policy, 'on-request') : []),
        ],
      ),
    };
  else if (policy && isSilent && stringValue(mode) === 'workspace-write')
    yield {
      place: placeOf(document, policy),
      message: 'lets Codex change the workspace without a question (approval_policy never)',
      severity: 'warning',
      fixes: offerFix(
        'use on-request',
        'the agent asks where it needs more',
        replaceSetting(document, policy, 'on-request'),
      ),
    };
  const reviewer = member(root, 'approvals_reviewer')?.value;
  if (reviewer && stringValue(reviewer) === 'auto_review')
    yield {
      place: placeOf(document, reviewer),
      message: 'lets a model answer the questions that are for the user (approvals_reviewer auto_review)',
      severity: 'warning',
      fixes: offerFix('remove it', 'the user is asked', removeSettings(document, [reviewer])),
    };
}

function* checkWriting({ document }: AgentSettings): Iterable<Report> {
  const table = member(document.root, 'sandbox_workspace_write')?.value;
  const network = member(table, 'network_access')?.value;
  if (network?.value === true)
    yield {
      place: placeOf(document, network),
      message: 'lets commands of Codex reach the network (network_access)',
      severity: 'warning',
    };
  for (const node of elements(member(table, 'writable_roots')?.value)) {
    const text = stringValue(node) ?? '';
    if (isOutside(node, text))
      yield {
        place: placeOf(document, node),
        message: `lets commands of Codex write ${text}, far outside of the workspace`,
        severity: 'warning',
      };
  }
}

function isOutside(node: JsonNode, text: string): boolean {
  if (node.type !== 'string' || text.trim() === '') return false;
  const { base, segments, up } = resolveHostPath(text, { compose: true });
  if (base === 'workspace') return up > 0;
  if (base === 'root')
    return segments.length === 0 || /^(?:etc|usr|var|bin|home|Users|root|opt)$/.test(segments[0] ?? '');
  return base === 'home';
}
