/** The properties of devcontainer.json that the policy's section `devcontainer` may hold; the schema has the same. */
export const sectionKeys = [
  '$schema',
  'features',
  'overrideFeatureInstallOrder',
  'customizations',
  'onCreateCommand',
  'updateContentCommand',
  'postCreateCommand',
  'postStartCommand',
  'postAttachCommand',
  'forwardPorts',
  'portsAttributes',
  'containerEnv',
  'remoteEnv',
  'hostRequirements',
  'secrets',
  'userEnvProbe',
  'updateRemoteUserUID',
] as const;

const isBuilt =
  'the image is built by the rendered Dockerfile; "image" and "stacks" of the policy say from what';
const isUser = 'everything runs as "dev", who cannot become root';
const isShape = 'which containers there are is rendered from the policy\'s "shape"';
const isFolder = 'the rendered mounts go by the folder that the tool itself chooses';
const isRight = 'it would widen what the container may do';

/** Why a property of the specification is not one of them. */
const refusals: Readonly<Record<string, string>> = {
  image: isBuilt,
  build: isBuilt,
  dockerFile: isBuilt,
  context: isBuilt,
  dockerComposeFile: isShape,
  service: isShape,
  runServices: isShape,
  remoteUser: isUser,
  containerUser: isUser,
  privileged: isRight,
  capAdd: isRight,
  securityOpt: isRight,
  runArgs: 'arguments of the engine could undo any part of the protection',
  mounts:
    'a mount brings in what lies outside of the project, or a volume that belongs to root, which nobody here can hand to "dev"',
  initializeCommand: 'it runs on the host, with everything that you may do there, at every start',
  workspaceFolder: isFolder,
  workspaceMount: isFolder,
  appPort: 'a port that the host may connect to stands under "publish" of the policy',
  devPort: 'no tool reads it any more',
  overrideCommand: 'PID 1 is the program that sets the firewall',
  init: 'PID 1 of the rendered container reaps what is left behind already',
  waitFor: 'nothing is attached before the firewall is up',
  shutdownAction: 'it follows from the policy\'s "shape"',
  otherPortsAttributes: 'a port that nobody named is not forwarded',
};

/** Why a property cannot stand in the section; undefined for one that the specification does not know. */
export function refusalOf(key: string): string | undefined {
  return Object.hasOwn(refusals, key) ? refusals[key] : undefined;
}
