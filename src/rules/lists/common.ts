import type { AnyRule } from '../../core/rule.js';
import { noSecretCopy } from '../dockerfile/no-secret-copy.js';
import { noSshServer } from '../dockerfile/no-ssh-server.js';
import { noDuplicateKey } from '../documents/no-duplicate-key.js';
import { noInvalidProperty } from '../documents/no-invalid-property.js';
import { noUnreadableFile } from '../documents/no-unreadable-file.js';
import { noUnresolvedReference } from '../documents/no-unresolved-reference.js';
import { requireContainerDefinition } from '../documents/require-container-definition.js';
import { noBroadCodespacesPermission } from '../editor/no-broad-codespaces-permission.js';
import { requireEditorChannelHardening } from '../editor/require-editor-channel-hardening.js';
import { noHostCommand } from '../host/no-host-command.js';
import { noRemoteScriptExecution } from '../host/no-remote-script-execution.js';
import { noRiskyBuildOption } from '../host/no-risky-build-option.js';
import { noUnrestrictedSudo } from '../identity/no-unrestricted-sudo.js';
import { noUserMismatch } from '../identity/no-user-mismatch.js';
import { noWritableRootScript } from '../identity/no-writable-root-script.js';
import { requireNonRootUser } from '../identity/require-non-root-user.js';
import { noContainerRuntimeAccess } from '../mounts/no-container-runtime-access.js';
import { noCredentialMount } from '../mounts/no-credential-mount.js';
import { noHomeMount } from '../mounts/no-home-mount.js';
import { noLostReadonly } from '../mounts/no-lost-readonly.js';
import { noSessionSocketMount } from '../mounts/no-session-socket-mount.js';
import { noSystemPathMount } from '../mounts/no-system-path-mount.js';
import { noWorkspaceEscapeMount } from '../mounts/no-workspace-escape-mount.js';
import { noWritableAgentState } from '../mounts/no-writable-agent-state.js';
import { requireReadonlyHostConfig } from '../mounts/require-readonly-host-config.js';
import { noPublicPortBinding } from '../network/no-public-port-binding.js';
import { noTlsVerificationOff } from '../network/no-tls-verification-off.js';
import { noUnboundForwarder } from '../network/no-unbound-forwarder.js';
import { noUnverifiedRemoteSource } from '../pinning/no-unverified-remote-source.js';
import { pinFeatureLockfile } from '../pinning/pin-feature-lockfile.js';
import { pinFeatureVersion } from '../pinning/pin-feature-version.js';
import { pinImageTag } from '../pinning/pin-image-tag.js';
import { noDangerousCapability } from '../privileges/no-dangerous-capability.js';
import { noHostDevice } from '../privileges/no-host-device.js';
import { noHostNamespace } from '../privileges/no-host-namespace.js';
import { noInertHardening } from '../privileges/no-inert-hardening.js';
import { noPrivilegeRaisingFeature } from '../privileges/no-privilege-raising-feature.js';
import { noPrivileged } from '../privileges/no-privileged.js';
import { noRiskyRuntimeOption } from '../privileges/no-risky-runtime-option.js';
import { noSecurityProfileOff } from '../privileges/no-security-profile-off.js';
import { noAgentKeyInContainerEnv } from '../secrets/no-agent-key-in-container-env.js';
import { noCodeInjectionEnv } from '../secrets/no-code-injection-env.js';
import { noHostSecretEnv } from '../secrets/no-host-secret-env.js';
import { noLiteralSecret } from '../secrets/no-literal-secret.js';
import { noSecretBuildArg } from '../secrets/no-secret-build-arg.js';
import { noSecretFileSource } from '../secrets/no-secret-file-source.js';
import { noTrackedPrivateFile } from '../secrets/no-tracked-private-file.js';

/** The rules on: container, devcontainer, image, source-text, unreadable. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noAgentKeyInContainerEnv,
  noBroadCodespacesPermission,
  noCodeInjectionEnv,
  noContainerRuntimeAccess,
  noCredentialMount,
  noDangerousCapability,
  noDuplicateKey,
  noHomeMount,
  noHostCommand,
  noHostDevice,
  noHostNamespace,
  noHostSecretEnv,
  noInertHardening,
  noInvalidProperty,
  noLiteralSecret,
  noLostReadonly,
  noPrivilegeRaisingFeature,
  noPrivileged,
  noPublicPortBinding,
  noRemoteScriptExecution,
  noRiskyBuildOption,
  noRiskyRuntimeOption,
  noSecretBuildArg,
  noSecretCopy,
  noSecretFileSource,
  noSecurityProfileOff,
  noSessionSocketMount,
  noSshServer,
  noSystemPathMount,
  noTlsVerificationOff,
  noTrackedPrivateFile,
  noUnboundForwarder,
  noUnreadableFile,
  noUnresolvedReference,
  noUnrestrictedSudo,
  noUnverifiedRemoteSource,
  noUserMismatch,
  noWorkspaceEscapeMount,
  noWritableAgentState,
  noWritableRootScript,
  pinFeatureLockfile,
  pinFeatureVersion,
  pinImageTag,
  requireContainerDefinition,
  requireEditorChannelHardening,
  requireNonRootUser,
  requireReadonlyHostConfig,
];
