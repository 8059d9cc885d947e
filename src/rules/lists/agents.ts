import type { AnyRule } from '../../core/rule.js';
import { noBroadFileAllow } from '../agents/no-broad-file-allow.js';
import { noBroadShellAllow } from '../agents/no-broad-shell-allow.js';
import { noPermissionBypassDefault } from '../agents/no-permission-bypass-default.js';
import { noRedirectedModelEndpoint } from '../agents/no-redirected-model-endpoint.js';
import { noSettingsCommand } from '../agents/no-settings-command.js';
import { noMcpAutoApprove } from '../mcp/no-mcp-auto-approve.js';
import { noMcpBroadAccess } from '../mcp/no-mcp-broad-access.js';
import { noMcpCredentialInContainer } from '../mcp/no-mcp-credential-in-container.js';
import { noMcpExposedTransport } from '../mcp/no-mcp-exposed-transport.js';
import { noMcpInlineCode } from '../mcp/no-mcp-inline-code.js';
import { pinMcpPackage } from '../mcp/pin-mcp-package.js';

/** The rules on: agent-settings, mcp-config, workspace. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noBroadFileAllow,
  noBroadShellAllow,
  noMcpAutoApprove,
  noMcpBroadAccess,
  noMcpCredentialInContainer,
  noMcpExposedTransport,
  noMcpInlineCode,
  noPermissionBypassDefault,
  noRedirectedModelEndpoint,
  noSettingsCommand,
  pinMcpPackage,
];

export { readWorkspace } from '../../agents/workspace.js';
