import type { Edit } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import type { JsonDocument } from '../documents/json.js';
import type { UnreadableFile } from '../documents/problem.js';
import type { BuildArgument, BuildContext, BuildOption } from './build-settings.js';
import type { BuiltInstruction } from './built-instructions.js';
import type { Extension } from './extensions.js';
import type { FeatureLock } from './feature-lock.js';
import type { FileSource } from './file-sources.js';
import type { HostPath } from './host-path.js';
import type { ImageReference } from './image-references.js';

import type { DeclaredPort } from './ports.js';
import type { Startup } from './startup.js';

declare module '../core/rule.js' {
  interface Subjects {
    container: Container;
    /** What an image is made of: each container, and each Dockerfile that is linted by itself. */
    image: Container;
  }
}

/** The syntax that declared a value, as a user would name it in a sentence. */
export type Syntax =
  | 'mounts'
  | 'workspaceMount'
  | 'runArgs'
  | 'capAdd'
  | 'securityOpt'
  | 'privileged'
  | 'containerEnv'
  | 'remoteEnv'
  | 'containerUser'
  | 'remoteUser'
  | 'features'
  | 'extensions'
  | 'build'
  | 'appPort'
  | 'image'
  | 'Dockerfile'
  | 'lifecycle'
  | 'compose';

/** One value of the effective container, and the text that declares it. */
export interface Declared<T> {
  readonly value: T;
  /** The smallest span that states the value: for a mount string the string with its quotes. */
  readonly place: Place;
  readonly syntax: Syntax;
  /** Edits that take the declaration out, with its flag and with whatever becomes empty. Empty: cannot be removed here. */
  remove(): readonly Edit[];
}

export interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'npipe';
  /** As written; undefined for an anonymous volume or tmpfs. */
  readonly source: string | undefined;
  readonly target: string | undefined;
  /** True only where the engine really mounts it read-only. */
  readonly readOnly: boolean;
  /** Where the source is on the host; undefined for named and anonymous volumes and tmpfs. */
  readonly host: HostPath | undefined;
}

export interface DeclaredMount extends Declared<Mount> {
  /** The volume that is a bind in disguise, and without its options would be none. */
  readonly volume?: string | undefined;
  /** What its text asks for and the tools lose: `readonly`, `tmpfs`. */
  readonly lost?: readonly string[];
  /** Edits that keep the target and take a named volume as source; undefined where the form cannot say it. */
  toVolume(name: string): readonly Edit[] | undefined;
  /** Edits that mount one file of the folder alone, read-only; undefined where the form cannot say it. */
  toFile?(name: string): readonly Edit[] | undefined;
  /** Edits that make the mount read-only in a form that holds; undefined where it cannot be said or already is. */
  toReadOnly(): readonly Edit[] | undefined;
}

/** Two paths as devcontainer.json writes them. */
export interface Bind {
  readonly source: string;
  readonly target: string;
}

/** Upper case, without `CAP_`: `SYS_ADMIN`, `ALL`. */
export type Capability = string;

export interface SecurityOption {
  /** `seccomp`, `apparmor`, `label`, `systempaths`, `unmask`, `no-new-privileges` ... lower case. */
  readonly name: string;
  /** Text after the `=` or `:`; '' where there is none. */
  readonly value: string;
}

export interface Namespace {
  readonly kind: 'network' | 'pid' | 'ipc' | 'uts' | 'user' | 'cgroup';
  /** `host`, `container:<id>`, a network's name ... */
  readonly value: string;
}

export interface Device {
  readonly kind: 'device' | 'cgroup-rule' | 'gpus';
  /** The host's path for a device, the whole rule otherwise. */
  readonly value: string;
}

/** One option of `docker run`, or what stands for it in a compose file. */
export interface EngineOption {
  /** Long name without aliases: `--volume`, `--network`. */
  readonly name: string;
  /** Undefined for a switch without `=`, and where the value is missing. */
  readonly value: string | undefined;
}

export interface EnvironmentVariable {
  readonly name: string;
  /** Undefined where the host's variable of that name is passed through (`-e NAME`). */
  readonly value: string | undefined;
  /** Host variables that the value takes in: `${localEnv:X}`, `${env:X}`, the name itself for `-e NAME`, `*` for all. */
  readonly hostVariables: readonly string[];
  readonly scope: 'container' | 'remote';
}

export type LifecycleHook =
  | 'initializeCommand'
  | 'onCreateCommand'
  | 'updateContentCommand'
  | 'postCreateCommand'
  | 'postStartCommand'
  | 'postAttachCommand';

/** One command of a hook; the object form of a hook gives one of these for each entry. */
export interface LifecycleCommand {
  readonly hook: LifecycleHook;
  /** What a shell runs; undefined for an argument vector that starts no shell. */
  readonly script: string | undefined;
  readonly argv: readonly string[] | undefined;
  /** Where a stretch of `script` stands in the file; offsets are into `script`. The whole value where it cannot be told. */
  placeOf(start: number, end: number): Place;
  /** Remote content that is run unchecked, found by a shell parser: offsets into `script`. */
  readonly remoteExecutions: readonly RemoteExecution[];
  /** Shell scripts of the project that it starts, and those that they start; none for `initializeCommand`. */
  readonly scripts: readonly CalledScript[];
}

export interface CalledScript {
  readonly file: SourceFile;
  /** Offsets into the file's text. */
  readonly remoteExecutions: readonly RemoteExecution[];
}

export interface RemoteExecution {
  readonly start: number;
  readonly end: number;
  /** The address where it stands literally. */
  readonly url: string | undefined;
  /** How it is run, for the message: `curl … | bash`. */
  readonly form: string;
}

export interface Feature {
  /** As written, with its version. */
  readonly reference: string;
  /** Registry path without version or digest, lower case: `ghcr.io/devcontainers/features/docker-in-docker`. */
  readonly id: string;
  /** Where it comes from; `legacy` are the short names and releases on GitHub that the tools still take. */
  readonly origin: 'registry' | 'local' | 'archive' | 'legacy';
  /** Behind the colon; undefined where none stands there. */
  readonly version: string | undefined;
  /** Behind the @. */
  readonly digest: string | undefined;
  /** The same Feature in another version. */
  setVersion(version: string): readonly Edit[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** One source of a COPY or ADD, and where it lands in the image. */
export interface Copy {
  /** Path in the project; a folder, a file or a pattern. */
  readonly source: string;
  readonly target: string;
}

/** The user that the tools, and so the agent, run as. */
export interface EffectiveUser {
  /** Undefined where no file states it and the image is unknown. */
  readonly name: string | undefined;
  /** The declaration that decides: `remoteUser`, `containerUser`, `-u`, `USER`, or the image whose default it is. */
  readonly decidedBy: Declared<string> | undefined;
  /** Known where a file states it; derived where it follows from a table of known images. */
  readonly certainty: 'stated' | 'derived' | 'unknown';
  /** An unprivileged user that the image is known to have (`node`, `vscode`), for the fix. */
  readonly imageUser: string | undefined;
}

/** Something that a file says about how agents run, and where. */
export interface Sign {
  readonly place: Place;
  /** The agent's name, the flag or the setting, for messages. */
  readonly what: string;
}

/** How agents run in the container, as far as the files say. */
export interface Posture {
  /** Where each agent is installed or set up; empty where no file shows one. */
  readonly agents: readonly Sign[];
  /** Where one is let run without asking anybody. */
  readonly unattended: readonly Sign[];
}

/** What the compose files of a dev container say besides. */
export interface ComposeParts {
  /** The names of all services. */
  readonly services: readonly string[];
  /** The one that the tools run in; undefined where none of these is. */
  readonly main: string | undefined;
  /** The ports of all services. */
  readonly ports: readonly DeclaredPort[];
  /** The containers of the other services, as far as a container is what its service says; none in one of these. */
  readonly neighbours: readonly Container[];
  /** Every compose file that was read. */
  readonly documents: readonly JsonDocument[];
  /** What could not be read, at its place or at the one that names it. */
  readonly unread: readonly UnreadableFile[];
}

/** What the files of a dev container add up to, every value with the place that it came from. */
export interface Container {
  /** The devcontainer.json; the Dockerfile where that is linted by itself. */
  readonly file: SourceFile;
  readonly source: 'image' | 'dockerfile' | 'compose' | 'none';
  /** The service of the compose file that it is; undefined without compose. */
  readonly service: string | undefined;
  /** Where a compose file states the service: its name. */
  readonly servicePlace: Place | undefined;
  /** Another service of the compose file than the one that the tools, and so the agent, run in. */
  readonly isNeighbour: boolean;
  readonly image: Declared<string> | undefined;
  /** Every image that is pulled for it. */
  readonly images: readonly Declared<ImageReference>[];
  readonly dockerfile: SourceFile | undefined;
  readonly buildArguments: readonly Declared<BuildArgument>[];
  readonly buildOptions: readonly Declared<BuildOption>[];
  readonly buildContexts: readonly Declared<BuildContext>[];
  /** What the Dockerfile does in the stages that are built. */
  readonly instructions: readonly BuiltInstruction[];
  /** The folder that COPY reads from, relative to the project; undefined where it lies outside or nothing is built. */
  readonly context: string | undefined;
  readonly mounts: readonly DeclaredMount[];
  readonly privileged: readonly Declared<unknown>[];
  readonly capabilities: readonly Declared<Capability>[];
  readonly securityOptions: readonly Declared<SecurityOption>[];
  readonly namespaces: readonly Declared<Namespace>[];
  readonly devices: readonly Declared<Device>[];
  /** Every option that the engine gets, in order, also those that other fields are made from. */
  readonly options: readonly Declared<EngineOption>[];
  readonly ports: readonly DeclaredPort[];
  readonly environment: readonly Declared<EnvironmentVariable>[];
  readonly fileSources: readonly Declared<FileSource>[];
  readonly lifecycle: readonly Declared<LifecycleCommand>[];
  readonly features: readonly Declared<Feature>[];
  /** The key under which they stand. */
  readonly featureList: Place | undefined;
  /** Undefined where there is no lock file. */
  readonly featureLock: FeatureLock | undefined;
  readonly extensions: readonly Declared<Extension>[];
  readonly user: EffectiveUser;
  /** Where the files show an egress firewall that is wired in: then NET_ADMIN has a reason. */
  readonly firewall: Place | undefined;
  /** Where the container would start with one, and the tools put another command in its place. */
  readonly idleFirewall: Place | undefined;
  readonly posture: Posture;
  readonly startup: Startup;
  /** Files and folders of the project that the Dockerfile copies into the image. */
  readonly copies: readonly Copy[];
  /** Undefined without compose. */
  readonly compose: ComposeParts | undefined;
  /** Edits that set top-level string properties of devcontainer.json, replacing values that are there. */
  setProperties(values: Readonly<Record<string, string>>): readonly Edit[];
  /** Edits that add texts to a top-level list of devcontainer.json, which is made where there is none. */
  addToList(name: string, values: readonly string[]): readonly Edit[];
  /** Edits that give the engine further options: in `runArgs`, or as keys of the service under compose. */
  addOptions(options: readonly EngineOption[]): readonly Edit[];
  /** Edits that add read-only binds, in a form that holds; none where one of them cannot be said. */
  addReadOnly(binds: readonly Bind[]): readonly Edit[];
  /** Edits that put a proxy before the host's engine, as a service beside this one; none without compose. */
  addEngineProxy(): readonly Edit[];
}
