import type { Grade } from './path-catalogue.js';

export interface DeviceLevel {
  readonly grade: Grade;
  /** What the device gives, a noun for messages. */
  readonly what: string;
}

const levels: readonly (DeviceLevel & { readonly name: RegExp })[] = [
  {
    grade: 'error',
    what: 'a disk of the host, with every file on it',
    name: /^(?:sd[a-z]|nvme\d|vd[a-z]|xvd[a-z]|mmcblk|md\d|dm-|mapper(?:\/|$)|loop|disk(?:\/|$)|block(?:\/|$)|hd[a-z]|root$)/,
  },
  { grade: 'error', what: "the host's memory", name: /^(?:mem|kmem|port|kcore)$/ },
  { grade: 'error', what: "the kernel's log", name: /^kmsg$/ },
  { grade: 'error', what: 'a keyboard and mouse to type on the host', name: /^uinput$/ },
  { grade: 'warning', what: 'USB devices, security keys among them', name: /^(?:bus\/usb|bus$|usb|hidraw)/ },
  { grade: 'warning', what: 'what is typed on the host', name: /^input(?:\/|$)/ },
  { grade: 'warning', what: 'a console of the host', name: /^(?:tty\d+|console|vcs)/ },
  { grade: 'warning', what: 'hardware that bypasses the kernel', name: /^vfio(?:\/|$)/ },
  {
    grade: 'none',
    what: 'nothing',
    name: /^(?:null|zero|full|u?random|shm|tty|pts|ptmx|fd|std(?:in|out|err))(?:\/|$)/,
  },
];

/** What a device below `/dev` gives to the container; every other device is a wish of the pedantic persona. */
export function gradeDevice(path: string): DeviceLevel {
  if (path === '/dev') return { grade: 'error', what: 'every device of the host' };
  const name = path.replace(/^\/dev\//, '');
  return levels.find((level) => level.name.test(name)) ?? { grade: 'pedantic', what: 'a device of the host' };
}
