import type { AnyRule } from '../../core/rule.js';
import { requireEgressControl } from '../network/require-egress-control.js';
import { noUnlistedSource } from '../pinning/no-unlisted-source.js';
import { pinExtensionVersion } from '../pinning/pin-extension-version.js';
import { pinImageDigest } from '../pinning/pin-image-digest.js';
import { pinToolVersion } from '../pinning/pin-tool-version.js';
import { requireCapDropAll } from '../privileges/require-cap-drop-all.js';
import { requireNoNewPrivileges } from '../privileges/require-no-new-privileges.js';
import { requireRuntimeHardening } from '../privileges/require-runtime-hardening.js';

/** The rules on: container, image. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noUnlistedSource,
  pinExtensionVersion,
  pinImageDigest,
  pinToolVersion,
  requireCapDropAll,
  requireEgressControl,
  requireNoNewPrivileges,
  requireRuntimeHardening,
];
