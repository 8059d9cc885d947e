import { type Grade, paths } from './path-catalogue.js';

/** Folders of the host's system. `inside` grades what lies below, where that differs from the folder as a whole. */
export interface SystemPath {
  readonly what: string;
  readonly read: Grade;
  readonly write: Grade;
  readonly inside?: { readonly read: Grade; readonly write: Grade };
  readonly folders: readonly string[];
}

/** The host's own files. The most specific pattern that matches a path decides; devices have a table of their own. */
export const systemPaths: readonly SystemPath[] = [
  {
    what: 'system settings, accounts and scheduled jobs',
    read: 'warning',
    write: 'error',
    folders: paths(`
      /etc, /private/etc, /private/var, /var/spool/cron, /root, /ProgramData`),
  },
  {
    what: 'programs and libraries that root runs',
    read: 'warning',
    write: 'error',
    // Reading the public files of a distribution gives nothing away.
    inside: { read: 'none', write: 'error' },
    folders: paths(`
      /usr, /bin, /sbin, /lib, /lib32, /lib64, /libx32, /boot, /Library, /System, /Windows, /Program Files`),
  },
  {
    what: 'the interfaces of the kernel',
    read: 'warning',
    write: 'error',
    folders: paths('/proc, /sys'),
  },
  { what: 'every device of the host', read: 'warning', write: 'error', folders: paths('/dev') },
  {
    what: 'the files of all containers',
    read: 'warning',
    write: 'error',
    folders: paths('/var/lib/docker, /var/lib/containers, /var/lib/containerd, /var/lib/kubelet'),
  },
  {
    what: 'data and logs of the system',
    read: 'warning',
    write: 'error',
    inside: { read: 'none', write: 'pedantic' },
    folders: paths('/var/lib, /var/log'),
  },
  {
    what: 'certificates that the host trusts',
    read: 'none',
    write: 'warning',
    folders: paths(`
      /etc/ssl/certs, /etc/ca-certificates, /etc/ca-certificates.conf, /etc/pki/ca-trust, /etc/pki/tls/certs,
      /etc/ssl/cert.pem, /usr/share/ca-certificates, /usr/local/share/ca-certificates`),
  },
  {
    what: 'the control groups of the host',
    read: 'none',
    write: 'error',
    folders: paths('/sys/fs/cgroup'),
  },
  {
    what: 'the host, read-only as it should be',
    read: 'none',
    write: 'error',
    folders: paths('/lib/modules, /usr/share/zoneinfo, /usr/share/fonts, /usr/src'),
  },
  { what: 'names of the host', read: 'pedantic', write: 'error', folders: paths('/etc/passwd, /etc/group') },
  {
    what: 'nothing to protect',
    read: 'none',
    write: 'none',
    folders: paths(`
      /etc/localtime, /etc/timezone, /etc/hosts, /etc/hostname, /etc/resolv.conf, /etc/machine-id, /dev/null, /dev/zero,
      /dev/full, /dev/random, /dev/urandom, /dev/shm, /dev/tty, /dev/pts, /dev/ptmx`),
  },
];
