import type { SourceFile } from '../core/text.js';
import { joinSection, type Refusal } from '../policy/devcontainer-section.js';

import { checkImageLock, imagesOf, pinImages, readImageLock } from '../policy/image-lock.js';
import { clientFilesOf, entryOf, mergeMcpConfig } from '../policy/mcp-config.js';

import type { Options } from '../policy/options.js';
import { errorAt, parsePolicy } from '../policy/parse.js';
import { type Policy, policyPath } from '../policy/policy.js';
import type { PresetHost, Presets } from '../policy/presets.js';
import { checkChoices, presetHosts, resolveOptions } from '../policy/resolve.js';
import { checkTargets } from '../policy/targets.js';
import type { Emission, Templates } from './emission.js';
import { guardFilePath, renderGuardFile } from './guard-file.js';
import { renderGuards } from './guards/guard-files.js';
import { mcpDocumentPath, renderMcpDocument } from './mcp-document.js';
import { readmePath, renderReadme } from './readme.js';
import { render } from './render.js';

/** What the rendered files begin from: the tools look here first. */
export const configPath = '.devcontainer/devcontainer.json';

/** What one run of `init` is given. */
export interface InitRequest {
  /** The policy; its text is written as it is. */
  readonly policy: SourceFile;
  /** New text of the PEM file that the policy names; undefined leaves the file that is there. */
  readonly certificates?: string | undefined;
  /** Files of the project that hold secrets, relative to its root. */
  readonly secrets?: readonly string[] | undefined;
  /** The files of the project in which clients look for MCP servers, as far as there are any. */
  readonly mcpConfigs?: readonly SourceFile[] | undefined;
  /** The project's lock of images, where it has one. */
  readonly imageLock?: SourceFile | undefined;
}

/** Everything that `init` would write, before anybody compares it with the disk. */
export interface InitPlan {
  readonly policy: Policy;
  readonly options: Options;
  /** Hosts that are open for a stack or an agent, not because the policy names them. */
  readonly presetHosts: readonly PresetHost[];
  /** Those that the policy keeps closed although the stack or agent cannot do without. */
  readonly missingHosts: readonly PresetHost[];
  /** The policy file is among them. */
  readonly emissions: readonly Emission[];
  /** Parts of the policy's section `devcontainer` that cannot be in the container, and are not. */
  readonly refused: readonly Refusal[];
  /** What is wrong with the lock of images, a sentence each. */
  readonly lockWarnings: readonly string[];
  /** Servers of clients' files that pointed elsewhere and would be changed. */
  readonly replacedServers: readonly { readonly path: string; readonly name: string }[];
}

/** Pure. @throws UserError where the policy or a client's file cannot be used, at the place. */
export function planEmissions(request: InitRequest, presets: Presets, templates: Templates): InitPlan {
  const policy = parsePolicy(request.policy);
  const [unknown] = checkChoices(policy, presets);
  if (unknown) throw errorAt(request.policy, unknown);
  const [unfit] = checkTargets(policy, presets);
  if (unfit) throw errorAt(request.policy, unfit);
  const resolved = resolveOptions(policy, presets);
  const lock = request.imageLock && readImageLock(request.imageLock);
  const lockWarnings = lock ? checkImageLock(lock, imagesOf(resolved)) : [];
  const servers = [...resolved.forwards, ...resolved.servers];
  const guardFiles = renderGuards(policy.agents, {
    guards: policy.guards,
    secrets: request.secrets ?? [],
    servers: servers.map((server) => [server.name, entryOf(server)]),
  });
  const options = { ...(lock ? pinImages(resolved, lock) : resolved), guardFiles };
  const refused: Refusal[] = [];
  const rendered = render(options, templates).map((emission): Emission => {
    if (emission.path !== configPath || Object.keys(policy.devcontainer).length === 0) return emission;
    const joined = joinSection(configPath, emission.text, policy.devcontainer);
    refused.push(...joined.refused);
    return { ...emission, text: joined.text };
  });
  const emissions: Emission[] = [
    { path: policyPath, text: request.policy.text, executable: false },
    ...rendered,
    { path: guardFilePath, text: renderGuardFile(options), executable: false },
    ...guardFiles.map(({ source, text, executable }) => ({
      path: `.devcontainer/${source}`,
      text,
      executable,
    })),
  ];
  if (policy.caCertificates !== undefined && request.certificates !== undefined)
    emissions.push({
      path: `.devcontainer/${policy.caCertificates}`,
      text: request.certificates,
      executable: false,
    });
  if (request.imageLock) emissions.push({ ...request.imageLock, executable: false });
  if (policy.servers.length > 0)
    emissions.push({ path: mcpDocumentPath, text: renderMcpDocument(policy), executable: false });
  emissions.push({ path: readmePath, text: renderReadme(policy, options, presets), executable: false });
  const hosts = presetHosts(policy, presets);
  const missingHosts = presetHosts({ ...policy, without: [] }, presets).filter(
    ({ host, required }) => required && policy.without.includes(host),
  );
  const plan = { policy, options, presetHosts: hosts, missingHosts, emissions, refused, lockWarnings };
  if (servers.length === 0) return { ...plan, replacedServers: [] };
  const replacedServers = clientFilesOf(policy.agents, request.mcpConfigs, servers).flatMap((client) => {
    const existing = request.mcpConfigs?.find(({ path }) => path === client.path);
    const { text, replaced } = mergeMcpConfig(existing, servers, client);
    emissions.push({ path: client.path, text, executable: false });
    return replaced.map((name) => ({ path: client.path, name }));
  });
  return { ...plan, replacedServers };
}
