import type { Guards } from './guards.js';
import type { Limits } from './limits.js';

/** One way out of the container: what the allowlist file and the firewall are made of. */
export interface AllowedHost {
  /** Lower-case DNS name; a leading dot (`.example.com`) means every name below it and the name itself. */
  readonly host: string;
  /** TCP ports; 443 and 80 where the policy names none. */
  readonly ports: readonly number[];
  /** The name resolves to a private address: each port is opened for it alone. */
  readonly private?: boolean;
  /** Why it is needed; one line, printed as a comment in the allowlist. */
  readonly reason: string;
}

/** Addresses that are open without a name. */
export interface AllowedRange {
  /** ADDRESS/LENGTH, IPv4 or IPv6. */
  readonly range: string;
  readonly ports: readonly number[];
  readonly reason: string;
}

/** A server on the host that the container may reach: one listener on 127.0.0.1, one port of the host. */
export interface Forward {
  /** Letters, digits, `-` and `_`: it becomes the MCP server's name and the service's directory. */
  readonly name: string;
  /** 1024 to 65535, the same inside and on the host. */
  readonly port: number;
  /** Path of the MCP endpoint, `/mcp` by default. */
  readonly path: string;
}

/** A server behind the gate on the host. */
export interface GatedServer {
  readonly name: string;
  /** Where it is listened for on 127.0.0.1 in the container; with `tls` the host's port too. */
  readonly port: number;
  readonly transport: 'socket' | 'tls';
}

/** A file that the image fetches at build time and checks before it is used. */
export interface Download {
  /** Debian's name of the architecture: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly url: string;
  /** Hex digest of the whole file. */
  readonly sha512: string;
  /** What the agent's files are below in the tar archive. */
  readonly folder: string;
}

/** A program in PATH that starts another with the caller's arguments. */
export interface Starter {
  readonly path: string;
  readonly run: readonly string[];
  /** Variables that hold whatever the caller has set, and those that are taken away. */
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  /** Before the caller's own arguments. */
  readonly flags: readonly string[];
}

export interface AgentTool {
  readonly title: string;
  /** Undefined where the image installs nothing. */
  readonly version?: string;
  /** What starts it in a terminal; undefined as before. */
  readonly program?: string;
  /** One for each architecture that is published. */
  readonly downloads: readonly Download[];
  /** What is taken from the archive, and its absolute path in the image; a `tree` is a folder, anything else a program. */
  readonly files: readonly { readonly member: string; readonly install: string; readonly tree: boolean }[];
  /** A Python package, with what it depends on, in a folder of its own. */
  readonly wheel?: {
    readonly name: string;
    readonly url: string;
    readonly sha256: string;
    readonly folder: string;
  };
  /** Programs in PATH that start others. */
  readonly commands: readonly Starter[];
}

/** A named volume; its name gets `-${devcontainerId}` appended, so that projects never share one. */
export interface StateVolume {
  readonly name: string;
  /** Absolute path in the container, below the user's home. */
  readonly target: string;
}

/** What is taken from an image that is not the base. */
export interface ImageParts {
  readonly image: string;
  readonly paths: readonly { readonly from: string; readonly to: string }[];
}

/** A part of the project that is mounted once more, over itself or under something empty. Paths as in the policy. */
export interface Overlay {
  readonly path: string;
  readonly kind: 'writable' | 'read-only' | 'empty-file' | 'empty-folder';
}

/** What package managers in the image are told of a package's age and of its install scripts. */
export interface PackageGate {
  /** npm, pnpm, Yarn and Bun are told. */
  readonly npm: boolean;
  /** pip and uv are told. */
  readonly pip: boolean;
  /** 0: every age is taken. */
  readonly days: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly installScripts: boolean;
}

/** Everything the templates need, after policy, presets and defaults were joined. Values are data: templates quote them. */
export interface Options {
  readonly name: string;
  /** Pinned: `node:24.9.0-bookworm-slim`. A Debian bookworm image where no `image` of the policy takes its place. */
  readonly baseImage: string;
  /** It is the policy's, not that of a stack. */
  readonly ownImage: boolean;
  /** Parts of other pinned images, a build stage each. */
  readonly copies: readonly ImageParts[];
  /** Commands that are linked into /usr/local/bin: absolute paths. */
  readonly links: readonly string[];
  /** Commands that the build runs as root, word by word: first what installs, then what has to work. */
  readonly commands: readonly (readonly string[])[];
  /** Debian packages beyond those that every container gets. */
  readonly packages: readonly string[];
  readonly agents: readonly AgentTool[];
  readonly volumes: readonly StateVolume[];
  /** containerEnv. */
  readonly environment: Readonly<Record<string, string>>;
  /** Editor extension ids. */
  readonly extensions: readonly string[];
  /** The firewall is in a gateway container, and the image's stages are `gateway` and `workspace`. */
  readonly sidecar: boolean;
  /** Compose files behind the rendered one, by their names in `.devcontainer`. */
  readonly composeFiles: readonly string[];
  /** Image of the gateway: plain Debian. */
  readonly gatewayImage: string;
  /** The policy accepts a place where no firewall can be set: waiting for it ends with a warning, not an error. */
  readonly mayLackFirewall: boolean;
  /** The policy says `observe`: what is not listed is logged and let out. */
  readonly observe: boolean;
  readonly allow: readonly AllowedHost[];
  readonly ranges: readonly AllowedRange[];
  /** Ports that the host may connect to, on 127.0.0.1 there. */
  readonly publish: readonly { readonly port: number; readonly purpose: string }[];
  readonly forwards: readonly Forward[];
  /** Model servers on the host: a port each, as with {@link Forward}. */
  readonly models: readonly { readonly name: string; readonly port: number }[];
  readonly servers: readonly GatedServer[];
  /** Some of them need the host's address. */
  readonly usesHost: boolean;
  readonly guards: Guards;
  readonly gate: PackageGate;
  readonly limits: Limits;
  /** In an order in which each lies behind the folders that it is in. */
  readonly overlays: readonly Overlay[];
  /** Files of the agents' enforced forms: below `.devcontainer`, and in the image. */
  readonly guardFiles: readonly {
    readonly source: string;
    readonly target: string;
    readonly executable: boolean;
  }[];
  /** Path of a PEM bundle inside `.devcontainer`, where the policy has one. */
  readonly caCertificates: string | undefined;
  /** Variables that name the bundle of CA certificates, besides those that every container has. */
  readonly certificateVariables: readonly string[];
  /** A JDK has to be told of them, since it reads no such variable. */
  readonly trustsJava: boolean;
}
