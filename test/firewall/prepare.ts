import { run } from './run.js';

const tools =
  'ip iptables ipset dnsmasq haproxy s6-svscan socat openssl tcpdump curl python3 pip3 git npm pkill'.split(
    ' ',
  );

/** Says what is missing before anything half starts: these tests make network namespaces. */
export default function prepare(): void {
  if (process.getuid?.() !== 0) throw new Error('the firewall tests need root, for network namespaces');
  const missing = tools.filter((tool) => run('sh', ['-c', `command -v ${tool}`]).code !== 0);
  if (missing.length > 0) throw new Error(`the firewall tests need ${missing.join(', ')}`);
}
