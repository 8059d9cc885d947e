import type { AnyRule } from '../core/rule.js';
import { rules as common } from './lists/common.js';

/** The folder that each rule lies in, by its id, sorted. `npm run new-rule` writes this file. */
export const ruleGroups: Readonly<Record<string, string>> = {
  'no-agent-full-auto': 'agents',
  'no-agent-key-in-container-env': 'secrets',
  'no-allowlist-drift': 'network',
  'no-broad-allowlist-entry': 'network',
  'no-broad-codespaces-permission': 'editor',
  'no-broad-egress-accept': 'network',
  'no-broad-file-allow': 'agents',
  'no-broad-shell-allow': 'agents',
  'no-code-injection-env': 'secrets',
  'no-codex-full-access': 'agents',
  'no-container-runtime-access': 'mounts',
  'no-credential-mount': 'mounts',
  'no-cursor-broad-allow': 'agents',
  'no-dangerous-capability': 'privileges',
  'no-dangerous-hook': 'agents',
  'no-duplicate-key': 'documents',
  'no-editor-auto-approve': 'editor',
  'no-editor-host-execution': 'editor',
  'no-exfil-capable-host': 'network',
  'no-fail-open-hook': 'agents',
  'no-gemini-auto-approve': 'agents',
  'no-home-mount': 'mounts',
  'no-host-command': 'host',
  'no-host-device': 'privileges',
  'no-host-namespace': 'privileges',
  'no-host-network-egress': 'network',
  'no-host-secret-env': 'secrets',
  'no-ineffective-agent-setting': 'agents',
  'no-inert-hardening': 'privileges',
  'no-invalid-property': 'documents',
  'no-literal-secret': 'secrets',
  'no-lost-readonly': 'mounts',
  'no-malformed-allowlist-entry': 'network',
  'no-mcp-auto-approve': 'mcp',
  'no-mcp-broad-access': 'mcp',
  'no-mcp-credential-in-container': 'mcp',
  'no-mcp-exposed-transport': 'mcp',
  'no-mcp-inline-code': 'mcp',
  'no-misplaced-editor-setting': 'editor',
  'no-observe-mode': 'network',
  'no-open-dns-egress': 'network',
  'no-permission-bypass-default': 'agents',
  'no-privilege-raising-feature': 'privileges',
  'no-privileged': 'privileges',
  'no-public-port-binding': 'network',
  'no-redirected-model-endpoint': 'agents',
  'no-remote-script-execution': 'host',
  'no-removable-firewall': 'network',
  'no-risky-build-option': 'host',
  'no-risky-runtime-option': 'privileges',
  'no-sandbox-weakening': 'agents',
  'no-secret-build-arg': 'secrets',
  'no-secret-copy': 'dockerfile',
  'no-secret-file-source': 'secrets',
  'no-security-profile-off': 'privileges',
  'no-session-socket-mount': 'mounts',
  'no-settings-command': 'agents',
  'no-ssh-server': 'dockerfile',
  'no-suppression-problem': 'documents',
  'no-system-path-mount': 'mounts',
  'no-tls-verification-off': 'network',
  'no-tracked-private-file': 'secrets',
  'no-unbound-forwarder': 'network',
  'no-unhardened-unattended-agent': 'agents',
  'no-unlisted-source': 'pinning',
  'no-unpinned-plugin-source': 'agents',
  'no-unreadable-file': 'documents',
  'no-unresolved-reference': 'documents',
  'no-unrestricted-sudo': 'identity',
  'no-unverified-remote-source': 'pinning',
  'no-user-mismatch': 'identity',
  'no-workspace-escape-mount': 'mounts',
  'no-writable-agent-state': 'mounts',
  'no-writable-root-script': 'identity',
  'pin-extension-version': 'pinning',
  'pin-feature-lockfile': 'pinning',
  'pin-feature-version': 'pinning',
  'pin-image-digest': 'pinning',
  'pin-image-tag': 'pinning',
  'pin-mcp-package': 'mcp',
  'pin-tool-version': 'pinning',
  'require-agent-ignore-coverage': 'agents',
  'require-cap-drop-all': 'privileges',
  'require-container-definition': 'documents',
  'require-default-deny-egress': 'network',
  'require-editor-channel-hardening': 'editor',
  'require-egress-control': 'network',
  'require-fail-closed-firewall': 'network',
  'require-firewall-at-start': 'network',
  'require-firewall-self-test': 'network',
  'require-idempotent-firewall': 'network',
  'require-ipv6-egress-policy': 'network',
  'require-no-new-privileges': 'privileges',
  'require-non-root-user': 'identity',
  'require-readonly-host-config': 'mounts',
  'require-runtime-hardening': 'privileges',
};

/** Loaded when one of their subjects is there, because that takes time; every file needs the common ones. */
const lists: Readonly<Record<string, () => Promise<{ readonly rules: readonly AnyRule[] }>>> = {
  agents: () => import('./lists/agents.js'),
  editor: () => import('./lists/editor.js'),
  egress: () => import('./lists/egress.js'),
  firewall: () => import('./lists/firewall.js'),
  suppression: () => import('./lists/suppression.js'),
};

const listOfSubject: Readonly<Record<string, string>> = {
  'agent-settings': 'agents',
  'editor-settings': 'editor',
  egress: 'egress',
  firewall: 'firewall',
  'mcp-config': 'agents',
  suppression: 'suppression',
  workspace: 'agents',
};

// Asking the loader again costs as much as a small lint.
const known = new Map<string, Promise<readonly AnyRule[]>>();

/**
 * The rules that look at any of these subjects, and some that look at none of them; all of them where no subjects are
 * given. Sorted by id; the same list for the same question.
 */
export function loadRules(subjects?: Iterable<string>): Promise<readonly AnyRule[]> {
  const wanted = [...(subjects ?? Object.keys(listOfSubject))];
  const names = [...new Set(wanted.flatMap((subject) => listOfSubject[subject] ?? []))].sort();
  const key = names.join(' ');
  const rules = known.get(key) ?? joinLists(names);
  known.set(key, rules);
  return rules;
}

async function joinLists(names: readonly string[]): Promise<readonly AnyRule[]> {
  const loaded = await Promise.all(names.map((name) => lists[name]?.()));
  const rules = [...common, ...loaded.flatMap((list) => list?.rules ?? [])];
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}
