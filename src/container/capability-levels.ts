/** What a capability gives: `critical` the host, `high` reach of the whole kernel, `medium` a hardening wish. */
type CapabilityLevel = 'critical' | 'high' | 'medium' | 'default' | 'network' | 'unknown';

interface LevelledCapability {
  readonly level: CapabilityLevel;
  /** What it lets a process do, to follow "lets the container". */
  readonly gives: string;
}

const table: Readonly<Record<string, LevelledCapability>> = {
  ALL: { level: 'critical', gives: 'do nearly everything that root of the host can' },
  SYS_ADMIN: { level: 'critical', gives: 'mount file systems and reconfigure the kernel' },
  SYS_MODULE: { level: 'critical', gives: "load code into the host's kernel" },
  SYS_RAWIO: { level: 'critical', gives: "reach the host's memory and ports" },
  DAC_READ_SEARCH: {
    level: 'critical',
    gives: 'open files of the host by handle, outside its own file system',
  },
  MAC_ADMIN: { level: 'critical', gives: "rewrite the host's mandatory access policy" },
  MAC_OVERRIDE: { level: 'critical', gives: "ignore the host's mandatory access policy" },
  BPF: { level: 'high', gives: 'load programs into the kernel' },
  PERFMON: { level: 'high', gives: 'watch the whole kernel and every process' },
  SYSLOG: { level: 'high', gives: 'read kernel addresses from the log' },
  SYS_BOOT: { level: 'high', gives: 'restart the kernel or load another' },
  SYS_TIME: { level: 'high', gives: "set the host's clock" },
  AUDIT_CONTROL: { level: 'high', gives: "switch the host's audit off" },
  AUDIT_READ: { level: 'high', gives: "read the host's audit log" },
  NET_ADMIN: { level: 'network', gives: 'rewrite the packet rules that a firewall relies on' },
  SYS_PTRACE: { level: 'medium', gives: 'read and steer the memory of other processes' },
  SYS_NICE: { level: 'medium', gives: 'take processor time from others' },
  SYS_RESOURCE: { level: 'medium', gives: 'exceed resource limits' },
  SYS_PACCT: { level: 'medium', gives: 'steer process accounting' },
  IPC_LOCK: { level: 'medium', gives: 'lock memory' },
  IPC_OWNER: { level: 'medium', gives: 'use the shared memory of every user' },
  LEASE: { level: 'medium', gives: 'hold leases on any file' },
  WAKE_ALARM: { level: 'medium', gives: 'wake the host' },
  BLOCK_SUSPEND: { level: 'medium', gives: 'keep the host awake' },
  NET_BROADCAST: { level: 'medium', gives: 'broadcast on the network' },
  CHECKPOINT_RESTORE: { level: 'medium', gives: 'checkpoint and restore processes' },
  LINUX_IMMUTABLE: { level: 'medium', gives: 'make files immutable' },
  SYS_TTY_CONFIG: { level: 'medium', gives: 'configure terminals' },
};

/** Docker grants these anyway: added after `--cap-drop=ALL` they lower nothing. */
const dockerDefaults = new Set([
  ...[
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'NET_RAW',
  ],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

/** The level of a capability, given in upper case without `CAP_`. */
export function gradeCapability(name: string): LevelledCapability {
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  return known ?? { level: dockerDefaults.has(name) ? 'default' : 'unknown', gives: '' };
}
