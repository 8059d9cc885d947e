import type { Container } from './container.js';

/** What a container needs a right for that ordinary ones do not have. */
export interface PrivilegeReason {
  readonly capability: string;
  /** To follow the capability: `for its firewall`. */
  readonly reason: string;
}

/**
 * The one capability that the files give a reason for; undefined where none does or several do, for then nobody knows
 * whether one is enough.
 */
export function reasonForPrivilege(container: Container): PrivilegeReason | undefined {
  const reasons = [
    ...(container.firewall || container.idleFirewall || hasTunnel(container)
      ? [
          {
            capability: 'NET_ADMIN',
            reason: container.firewall || container.idleFirewall ? 'for its firewall' : 'for its tunnel',
          },
        ]
      : []),
    ...(hasDebugger(container) ? [{ capability: 'SYS_PTRACE', reason: 'for its debugger' }] : []),
  ];
  const hasEngine = container.features.some(({ value }) => /\/docker-in-docker$/.test(value.id));
  return reasons.length === 1 && !hasEngine ? reasons[0] : undefined;
}

/** A tunnel that needs NET_ADMIN for its own network device and routes. */
export function hasTunnel({ devices, features, lifecycle }: Container): boolean {
  return (
    devices.some(({ value }) => value.value.startsWith('/dev/net/tun')) ||
    features.some(({ value }) => /\/(?:wireguard|openvpn|tailscale|netbird|zerotier)[^/]*$/.test(value.id)) ||
    lifecycle.some(({ value: { hook, script, argv } }) => {
      const command = script ?? argv?.join(' ') ?? '';
      return (
        hook !== 'initializeCommand' &&
        /(?:^|[\s/;&|("'])(?:wg-quick|openvpn|tailscaled?|zerotier-one)\s/.test(command)
      );
    })
  );
}

function hasDebugger({ extensions, instructions }: Container): boolean {
  return (
    extensions.some(({ value }) =>
      /^(?:ms-vscode\.cpptools|vadimcn\.vscode-lldb)(?:-\w+)*$/.test(value.id),
    ) ||
    instructions.some(
      ({ keyword, text }) =>
        keyword === 'RUN' && /\binstall\b[^;&|]{0,2000}?\s(?:gdb|lldb|strace|perf)(?=$|[\s;&|])/.test(text),
    )
  );
}
