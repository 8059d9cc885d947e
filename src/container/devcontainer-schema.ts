/** What a property may hold: JSON types, and for texts the words that are understood. */
export interface PropertyShape {
  readonly types: readonly string[];
  readonly words?: readonly string[];
}

/** Properties by their names. */
export type PropertyShapes = ReadonlyMap<string, PropertyShape>;

function named(shapes: Readonly<Record<string, PropertyShape>>): PropertyShapes {
  return new Map(Object.entries(shapes));
}

function shape(types: string, words?: string): PropertyShape {
  return { types: types.split(' '), ...(words && { words: words.split(' ') }) };
}

const text = shape('string');
const flag = shape('boolean');
const list = shape('array');
const object = shape('object');
const command = shape('string array object');

// Source: the specification's reference of devcontainer.json and its base schema, as of 2026-03.
/** The properties of devcontainer.json; those that Templates, Codespaces and older editors read are among them. */
export const devcontainerProperties = named({
  $schema: text,
  name: text,
  image: text,
  build: object,
  dockerFile: text,
  context: text,
  dockerComposeFile: shape('string array'),
  service: text,
  runServices: list,
  workspaceFolder: text,
  workspaceMount: text,
  features: object,
  overrideFeatureInstallOrder: list,
  mounts: list,
  containerEnv: object,
  remoteEnv: object,
  containerUser: text,
  remoteUser: text,
  updateRemoteUserUID: flag,
  userEnvProbe: shape('string', 'none loginShell loginInteractiveShell interactiveShell'),
  overrideCommand: flag,
  shutdownAction: shape('string', 'none stopContainer stopCompose'),
  init: flag,
  privileged: flag,
  capAdd: list,
  securityOpt: list,
  runArgs: list,
  appPort: shape('number string array'),
  forwardPorts: list,
  portsAttributes: object,
  otherPortsAttributes: object,
  hostRequirements: object,
  secrets: object,
  customizations: object,
  initializeCommand: command,
  onCreateCommand: command,
  updateContentCommand: command,
  postCreateCommand: command,
  postStartCommand: command,
  postAttachCommand: command,
  waitFor: shape(
    'string',
    'initializeCommand onCreateCommand updateContentCommand postCreateCommand postStartCommand',
  ),
  settings: object,
  extensions: list,
  devPort: shape('number'),
});

/** The properties of `build`. */
export const buildProperties = named({
  dockerfile: text,
  context: text,
  target: text,
  args: object,
  cacheFrom: shape('string array'),
  options: list,
});

/** The properties of one entry of `portsAttributes`, and of `otherPortsAttributes`. */
export const portProperties = named({
  onAutoForward: shape('string', 'notify openBrowser openBrowserOnce openPreview silent ignore'),
  elevateIfNeeded: flag,
  label: text,
  requireLocalPort: flag,
  protocol: shape('string', 'http https'),
});

/**
 * Names that only look like properties and that are judged elsewhere, because who writes them believes in a protection:
 * none of them does anything.
 */
export const inventedProtections: readonly string[] = [
  'capDrop',
  'cap_drop',
  'readOnly',
  'read_only',
  'noNewPrivileges',
  'network',
  'networkMode',
  'user',
  'securityOptions',
  'pidsLimit',
  'memory',
  'cpus',
];
