import type { AnyRule } from '../core/rule.js';
import { noAgentFullAuto } from './agents/no-agent-full-auto.js';
import { noBroadFileAllow } from './agents/no-broad-file-allow.js';
import { noBroadShellAllow } from './agents/no-broad-shell-allow.js';
import { noCodexFullAccess } from './agents/no-codex-full-access.js';
import { noCursorBroadAllow } from './agents/no-cursor-broad-allow.js';
import { noDangerousHook } from './agents/no-dangerous-hook.js';
import { noFailOpenHook } from './agents/no-fail-open-hook.js';
import { noGeminiAutoApprove } from './agents/no-gemini-auto-approve.js';
import { noIneffectiveAgentSetting } from './agents/no-ineffective-agent-setting.js';
import { noPermissionBypassDefault } from './agents/no-permission-bypass-default.js';
import { noRedirectedModelEndpoint } from './agents/no-redirected-model-endpoint.js';
import { noSandboxWeakening } from './agents/no-sandbox-weakening.js';
import { noSettingsCommand } from './agents/no-settings-command.js';
import { noUnhardenedUnattendedAgent } from './agents/no-unhardened-unattended-agent.js';
import { noUnpinnedPluginSource } from './agents/no-unpinned-plugin-source.js';
import { requireAgentIgnoreCoverage } from './agents/require-agent-ignore-coverage.js';
import { noSecretCopy } from './dockerfile/no-secret-copy.js';
import { noSshServer } from './dockerfile/no-ssh-server.js';
import { noDuplicateKey } from './documents/no-duplicate-key.js';
import { noInvalidProperty } from './documents/no-invalid-property.js';
import { noSuppressionProblem } from './documents/no-suppression-problem.js';
import { noUnreadableFile } from './documents/no-unreadable-file.js';
import { noUnresolvedReference } from './documents/no-unresolved-reference.js';
import { requireContainerDefinition } from './documents/require-container-definition.js';
import { noBroadCodespacesPermission } from './editor/no-broad-codespaces-permission.js';
import { noEditorAutoApprove } from './editor/no-editor-auto-approve.js';
import { noEditorHostExecution } from './editor/no-editor-host-execution.js';
import { noMisplacedEditorSetting } from './editor/no-misplaced-editor-setting.js';
import { requireEditorChannelHardening } from './editor/require-editor-channel-hardening.js';
import { noHostCommand } from './host/no-host-command.js';
import { noRemoteScriptExecution } from './host/no-remote-script-execution.js';
import { noRiskyBuildOption } from './host/no-risky-build-option.js';
import { noUnrestrictedSudo } from './identity/no-unrestricted-sudo.js';
import { noUserMismatch } from './identity/no-user-mismatch.js';
import { noWritableRootScript } from './identity/no-writable-root-script.js';
import { requireNonRootUser } from './identity/require-non-root-user.js';
import { noMcpAutoApprove } from './mcp/no-mcp-auto-approve.js';
import { noMcpBroadAccess } from './mcp/no-mcp-broad-access.js';
import { noMcpCredentialInContainer } from './mcp/no-mcp-credential-in-container.js';
import { noMcpDrift } from './mcp/no-mcp-drift.js';
import { noMcpExposedTransport } from './mcp/no-mcp-exposed-transport.js';
import { noMcpInlineCode } from './mcp/no-mcp-inline-code.js';
import { pinMcpPackage } from './mcp/pin-mcp-package.js';
import { requireMcpReview } from './mcp/require-mcp-review.js';
import { noContainerRuntimeAccess } from './mounts/no-container-runtime-access.js';
import { noCredentialMount } from './mounts/no-credential-mount.js';
import { noHomeMount } from './mounts/no-home-mount.js';
import { noLostReadonly } from './mounts/no-lost-readonly.js';
import { noSessionSocketMount } from './mounts/no-session-socket-mount.js';
import { noSystemPathMount } from './mounts/no-system-path-mount.js';
import { noWorkspaceEscapeMount } from './mounts/no-workspace-escape-mount.js';
import { noWritableAgentState } from './mounts/no-writable-agent-state.js';
import { requireReadonlyHostConfig } from './mounts/require-readonly-host-config.js';
import { noAllowlistDrift } from './network/no-allowlist-drift.js';
import { noBroadAllowlistEntry } from './network/no-broad-allowlist-entry.js';
import { noBroadEgressAccept } from './network/no-broad-egress-accept.js';
import { noExfilCapableHost } from './network/no-exfil-capable-host.js';
import { noHostNetworkEgress } from './network/no-host-network-egress.js';
import { noMalformedAllowlistEntry } from './network/no-malformed-allowlist-entry.js';
import { noObserveMode } from './network/no-observe-mode.js';
import { noOpenDnsEgress } from './network/no-open-dns-egress.js';
import { noPublicPortBinding } from './network/no-public-port-binding.js';
import { noRemovableFirewall } from './network/no-removable-firewall.js';
import { noTlsVerificationOff } from './network/no-tls-verification-off.js';
import { noUnboundForwarder } from './network/no-unbound-forwarder.js';
import { requireDefaultDenyEgress } from './network/require-default-deny-egress.js';
import { requireEgressControl } from './network/require-egress-control.js';
import { requireFailClosedFirewall } from './network/require-fail-closed-firewall.js';
import { requireFirewallAtStart } from './network/require-firewall-at-start.js';
import { requireFirewallSelfTest } from './network/require-firewall-self-test.js';
import { requireIdempotentFirewall } from './network/require-idempotent-firewall.js';
import { requireIpv6EgressPolicy } from './network/require-ipv6-egress-policy.js';
import { noUnlistedSource } from './pinning/no-unlisted-source.js';
import { noUnverifiedRemoteSource } from './pinning/no-unverified-remote-source.js';
import { pinExtensionVersion } from './pinning/pin-extension-version.js';
import { pinFeatureLockfile } from './pinning/pin-feature-lockfile.js';
import { pinFeatureVersion } from './pinning/pin-feature-version.js';
import { pinImageDigest } from './pinning/pin-image-digest.js';
import { pinImageTag } from './pinning/pin-image-tag.js';
import { pinToolVersion } from './pinning/pin-tool-version.js';
import { noDangerousCapability } from './privileges/no-dangerous-capability.js';
import { noHostDevice } from './privileges/no-host-device.js';
import { noHostNamespace } from './privileges/no-host-namespace.js';
import { noInertHardening } from './privileges/no-inert-hardening.js';
import { noPrivilegeRaisingFeature } from './privileges/no-privilege-raising-feature.js';
import { noPrivileged } from './privileges/no-privileged.js';
import { noRiskyRuntimeOption } from './privileges/no-risky-runtime-option.js';
import { noSecurityProfileOff } from './privileges/no-security-profile-off.js';
import { requireCapDropAll } from './privileges/require-cap-drop-all.js';
import { requireNoNewPrivileges } from './privileges/require-no-new-privileges.js';
import { requireRuntimeHardening } from './privileges/require-runtime-hardening.js';
import { noAgentKeyInContainerEnv } from './secrets/no-agent-key-in-container-env.js';
import { noCodeInjectionEnv } from './secrets/no-code-injection-env.js';
import { noHostSecretEnv } from './secrets/no-host-secret-env.js';
import { noLiteralSecret } from './secrets/no-literal-secret.js';
import { noSecretBuildArg } from './secrets/no-secret-build-arg.js';
import { noSecretFileSource } from './secrets/no-secret-file-source.js';
import { noTrackedPrivateFile } from './secrets/no-tracked-private-file.js';

/** Every rule, sorted by id. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noAgentFullAuto,
  noAgentKeyInContainerEnv,
  noAllowlistDrift,
  noBroadAllowlistEntry,
  noBroadCodespacesPermission,
  noBroadEgressAccept,
  noBroadFileAllow,
  noBroadShellAllow,
  noCodeInjectionEnv,
  noCodexFullAccess,
  noContainerRuntimeAccess,
  noCredentialMount,
  noCursorBroadAllow,
  noDangerousCapability,
  noDangerousHook,
  noDuplicateKey,
  noEditorAutoApprove,
  noEditorHostExecution,
  noExfilCapableHost,
  noFailOpenHook,
  noGeminiAutoApprove,
  noHomeMount,
  noHostCommand,
  noHostDevice,
  noHostNamespace,
  noHostNetworkEgress,
  noHostSecretEnv,
  noIneffectiveAgentSetting,
  noInertHardening,
  noInvalidProperty,
  noLiteralSecret,
  noLostReadonly,
  noMalformedAllowlistEntry,
  noMcpAutoApprove,
  noMcpBroadAccess,
  noMcpCredentialInContainer,
  noMcpDrift,
  noMcpExposedTransport,
  noMcpInlineCode,
  noMisplacedEditorSetting,
  noObserveMode,
  noOpenDnsEgress,
  noPermissionBypassDefault,
  noPrivilegeRaisingFeature,
  noPrivileged,
  noPublicPortBinding,
  noRedirectedModelEndpoint,
  noRemoteScriptExecution,
  noRemovableFirewall,
  noRiskyBuildOption,
  noRiskyRuntimeOption,
  noSandboxWeakening,
  noSecretBuildArg,
  noSecretCopy,
  noSecretFileSource,
  noSecurityProfileOff,
  noSessionSocketMount,
  noSettingsCommand,
  noSshServer,
  noSuppressionProblem,
  noSystemPathMount,
  noTlsVerificationOff,
  noTrackedPrivateFile,
  noUnboundForwarder,
  noUnhardenedUnattendedAgent,
  noUnlistedSource,
  noUnpinnedPluginSource,
  noUnreadableFile,
  noUnresolvedReference,
  noUnrestrictedSudo,
  noUnverifiedRemoteSource,
  noUserMismatch,
  noWorkspaceEscapeMount,
  noWritableAgentState,
  noWritableRootScript,
  pinExtensionVersion,
  pinFeatureLockfile,
  pinFeatureVersion,
  pinImageDigest,
  pinImageTag,
  pinMcpPackage,
  pinToolVersion,
  requireAgentIgnoreCoverage,
  requireCapDropAll,
  requireContainerDefinition,
  requireDefaultDenyEgress,
  requireEditorChannelHardening,
  requireEgressControl,
  requireFailClosedFirewall,
  requireFirewallAtStart,
  requireFirewallSelfTest,
  requireIdempotentFirewall,
  requireIpv6EgressPolicy,
  requireMcpReview,
  requireNoNewPrivileges,
  requireNonRootUser,
  requireReadonlyHostConfig,
  requireRuntimeHardening,
];
