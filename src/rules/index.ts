import type { AnyRule } from '../core/rule.js';
import { noBroadFileAllow } from './agents/no-broad-file-allow.js';
import { noBroadShellAllow } from './agents/no-broad-shell-allow.js';
import { noPermissionBypassDefault } from './agents/no-permission-bypass-default.js';
import { noRedirectedModelEndpoint } from './agents/no-redirected-model-endpoint.js';
import { noSettingsCommand } from './agents/no-settings-command.js';
import { noUnreadableFile } from './documents/no-unreadable-file.js';
import { noUnresolvedReference } from './documents/no-unresolved-reference.js';
import { noHostCommand } from './host/no-host-command.js';
import { noRemoteScriptExecution } from './host/no-remote-script-execution.js';
import { requireNonRootUser } from './identity/require-non-root-user.js';
import { noMcpAutoApprove } from './mcp/no-mcp-auto-approve.js';
import { noMcpBroadAccess } from './mcp/no-mcp-broad-access.js';
import { noMcpCredentialInContainer } from './mcp/no-mcp-credential-in-container.js';
import { noMcpExposedTransport } from './mcp/no-mcp-exposed-transport.js';
import { noMcpInlineCode } from './mcp/no-mcp-inline-code.js';
import { pinMcpPackage } from './mcp/pin-mcp-package.js';
import { noContainerRuntimeAccess } from './mounts/no-container-runtime-access.js';
import { noCredentialMount } from './mounts/no-credential-mount.js';
import { noHomeMount } from './mounts/no-home-mount.js';
import { noSessionSocketMount } from './mounts/no-session-socket-mount.js';
import { noSystemPathMount } from './mounts/no-system-path-mount.js';
import { noWritableAgentState } from './mounts/no-writable-agent-state.js';
import { noDangerousCapability } from './privileges/no-dangerous-capability.js';
import { noHostDevice } from './privileges/no-host-device.js';
import { noHostNamespace } from './privileges/no-host-namespace.js';
import { noPrivilegeRaisingFeature } from './privileges/no-privilege-raising-feature.js';
import { noPrivileged } from './privileges/no-privileged.js';
import { noSecurityProfileOff } from './privileges/no-security-profile-off.js';
import { noAgentKeyInContainerEnv } from './secrets/no-agent-key-in-container-env.js';
import { noHostSecretEnv } from './secrets/no-host-secret-env.js';
import { noLiteralSecret } from './secrets/no-literal-secret.js';

/** Every rule, sorted by id. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noAgentKeyInContainerEnv,
  noBroadFileAllow,
  noBroadShellAllow,
  noContainerRuntimeAccess,
  noCredentialMount,
  noDangerousCapability,
  noHomeMount,
  noHostCommand,
  noHostDevice,
  noHostNamespace,
  noHostSecretEnv,
  noLiteralSecret,
  noMcpAutoApprove,
  noMcpBroadAccess,
  noMcpCredentialInContainer,
  noMcpExposedTransport,
  noMcpInlineCode,
  noPermissionBypassDefault,
  noPrivilegeRaisingFeature,
  noPrivileged,
  noRedirectedModelEndpoint,
  noRemoteScriptExecution,
  noSecurityProfileOff,
  noSessionSocketMount,
  noSettingsCommand,
  noSystemPathMount,
  noUnreadableFile,
  noUnresolvedReference,
  noWritableAgentState,
  pinMcpPackage,
  requireNonRootUser,
];
