import type { AnyRule } from '../../core/rule.js';
import { noAgentFullAuto } from '../agents/no-agent-full-auto.js';
import { noBroadFileAllow } from '../agents/no-broad-file-allow.js';
import { noBroadShellAllow } from '../agents/no-broad-shell-allow.js';
import { noCodexFullAccess } from '../agents/no-codex-full-access.js';
import { noCursorBroadAllow } from '../agents/no-cursor-broad-allow.js';
import { noDangerousHook } from '../agents/no-dangerous-hook.js';
import { noFailOpenHook } from '../agents/no-fail-open-hook.js';
import { noGeminiAutoApprove } from '../agents/no-gemini-auto-approve.js';
import { noIneffectiveAgentSetting } from '../agents/no-ineffective-agent-setting.js';
import { noPermissionBypassDefault } from '../agents/no-permission-bypass-default.js';
import { noRedirectedModelEndpoint } from '../agents/no-redirected-model-endpoint.js';
import { noSandboxWeakening } from '../agents/no-sandbox-weakening.js';
import { noSettingsCommand } from '../agents/no-settings-command.js';
import { noUnhardenedUnattendedAgent } from '../agents/no-unhardened-unattended-agent.js';
import { noUnpinnedPluginSource } from '../agents/no-unpinned-plugin-source.js';
import { requireAgentIgnoreCoverage } from '../agents/require-agent-ignore-coverage.js';
import { noMcpAutoApprove } from '../mcp/no-mcp-auto-approve.js';
import { noMcpBroadAccess } from '../mcp/no-mcp-broad-access.js';
import { noMcpCredentialInContainer } from '../mcp/no-mcp-credential-in-container.js';
import { noMcpExposedTransport } from '../mcp/no-mcp-exposed-transport.js';
import { noMcpInlineCode } from '../mcp/no-mcp-inline-code.js';
import { pinMcpPackage } from '../mcp/pin-mcp-package.js';

/** The rules on: agent-settings, mcp-config, workspace. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noAgentFullAuto,
  noBroadFileAllow,
  noBroadShellAllow,
  noCodexFullAccess,
  noCursorBroadAllow,
  noDangerousHook,
  noFailOpenHook,
  noGeminiAutoApprove,
  noIneffectiveAgentSetting,
  noMcpAutoApprove,
  noMcpBroadAccess,
  noMcpCredentialInContainer,
  noMcpExposedTransport,
  noMcpInlineCode,
  noPermissionBypassDefault,
  noRedirectedModelEndpoint,
  noSandboxWeakening,
  noSettingsCommand,
  noUnhardenedUnattendedAgent,
  noUnpinnedPluginSource,
  pinMcpPackage,
  requireAgentIgnoreCoverage,
];

export { readWorkspace } from '../../agents/workspace.js';
