import { expect, it } from 'vitest';
import { type Attack, evil4, newToken, py } from './attacks/attack.js';
import type { Outcome } from './run.js';
import type { Scene, Target } from './target.js';

// What holds for every target: a container of either shape, or bare network namespaces.

/** Waits a little: what was sent is on its way when the command that sent it has ended. */
async function soon(happened: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 6; tries += 1) {
    if (happened()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

type Seen = Pick<Scene, 'internet'>;

export const arrives = ({ internet }: Seen, token: string): Promise<boolean> =>
  soon(() => internet().arrived(token));

export const escapes = ({ internet }: Seen, token: string): Promise<boolean> =>
  soon(() => internet().escaped(token));

/** How an attack is tried. Raw packets need a right that a target's user does not have. */
type Way = (target: Target, script: string) => Promise<Outcome>;
const asUser: Way = (target, script) => target.attempt(script);

/**
 * One test for each attack: it works without the firewall, and with it no token gets out and the answer is immediate. They
 * run at the same time; the tokens keep them apart.
 */
export function refusesAttacks(scene: Scene, chosen: readonly Attack[], way: Way = asUser): void {
  const refuses = async (attack: Attack): Promise<void> => {
    const trace = attack.trace ?? ((token: string) => token);
    // On a machine that is busy a client may give up too early, which says nothing about the attack.
    const works = async (): Promise<boolean> => {
      for (let tries = 0; tries < 3; tries += 1) {
        const token = newToken();
        await way(scene.control(), attack.script(token));
        if (await escapes(scene, trace(token))) return true;
      }
      return false;
    };
    expect(await works(), 'without the firewall the attack must work').toBe(true);

    const token = newToken();
    const { stderr } = await way(scene.target(), attack.script(token));
    expect(await escapes(scene, trace(token))).toBe(false);
    expect(stderr, 'refused, not left to time out').not.toMatch(/timed? ?out/i);
  };
  for (const attack of chosen) {
    (attack.alone ? it : it.concurrent)(`refuses: ${attack.name}`, () => refuses(attack));
  }
}

/** The names that every target's allowlist holds, over these families (`4`, `6`); a re-run cuts nothing and opens nothing. */
export function reachesAllowedNames(scene: Scene, families: readonly string[]): void {
  const cases = families.flatMap((family) => ['http', 'https'].map((scheme) => [scheme, family] as const));
  it.each(cases)('reaches a listed name by %s over IPv%s', async (scheme, family) => {
    const token = newToken();
    const { code, stderr } = await scene
      .target()
      .attempt(`curl -${family} -sS -k -m 5 ${scheme}://allowed.example/${token}`);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await arrives(scene, token)).toBe(true);
  });

  it('reaches listed names that share an address with others', async () => {
    const { code } = await scene
      .target()
      .attempt('curl -sS -k -m 5 https://cdn.example/ && curl -sS -m 5 http://cdn.example/');
    expect(code).toBe(0);
  });

  it('reaches names below an allowed suffix', async () => {
    expect((await scene.target().attempt('curl -sS -m 5 http://any.suffix.example/')).code).toBe(0);
  });

  it('reaches a port that the policy names for one host', async () => {
    expect((await scene.target().attempt('curl -sS -m 5 http://ssh.example:22/')).code).toBe(0);
  });

  it('follows a name whose address changes', async () => {
    const { stdout } = await scene
      .target()
      .attempt('for i in $(seq 8); do curl -sS -k -m 5 https://rotating.example/; echo; sleep 1.1; done');
    expect(stdout).not.toMatch(/error/i);
    expect(new Set(stdout.trim().split('\n')).size).toBeGreaterThan(1);
  });

  it('takes no private, loopback or metadata address from a name server', async () => {
    const ask = 'getent ahostsv4 rebind.example';
    expect((await scene.control().attempt(ask)).stdout).toContain('169.254.169.254');
    expect((await scene.target().attempt(ask)).stdout).toBe('');
  });

  it('keeps a connection through a second run of the firewall, which opens nothing', async () => {
    const ask = (path: string): string => `printf 'GET /${path} HTTP/1.1\\r\\n\\r\\n' >&3`;
    const still = scene
      .target()
      .attempt(
        `exec 3<>/dev/tcp/ssh.example/22; ${ask('one')}; head -c 20 <&3 >/dev/null; sleep 3; ${ask('two')}; timeout 3 head -c 60 <&3`,
      );
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await scene.target().asRoot('/usr/local/sbin/init-firewall.sh')).code).toBe(0);
    const token = newToken();
    await scene.target().attempt(`curl -sS -m 4 http://198.18.0.66/${token}`);
    expect(await escapes(scene, token)).toBe(false);
    expect((await still).stdout).toContain('200 OK');
  });
}

/** Answers that look like a name server's: the resolver and the proxy would believe them. */
export function forgesNoAnswers(scene: Scene): void {
  it('lets nobody send from the port of a name server, at any address', async () => {
    const script = py('answers', evil4, 53, '');
    expect((await scene.control().attempt(script)).stdout).toMatch(/^from 127\.0\.0\.11 53 answer$/m);
    const { stdout } = await scene.target().attempt(script);
    expect(stdout).not.toMatch(/ 53 answer$/m);
    expect(stdout).toMatch(/^from 127\.0\.0\.11 5300 answer$/m);
  });
}

export const privileged = [
  'iptables -F',
  'ip6tables -F',
  'ipset flush',
  'ipset add harden4-web 198.18.0.66',
  'iptables -P OUTPUT ACCEPT',
  '/usr/local/sbin/init-firewall.sh',
  'kill -9 1',
  'kill -9 $(pgrep -o dnsmasq)',
  'echo nameserver 198.18.0.66 >/etc/resolv.conf',
  'echo .example >>/etc/harden-devcontainer/allowlist',
  'touch /run/harden-devcontainer/x',
  'touch "$PWD/.devcontainer/x"',
];

/** What the user's processes are, and what they may not touch. */
export function isUnprivileged(target: () => Target, forbidden: readonly string[] = privileged): void {
  it('runs tools as an unprivileged user without any capability', async () => {
    const { stdout } = await target().exec('id -u; id -un; cat /proc/self/status');
    expect(stdout.split('\n')[0]).not.toBe('0');
    expect(stdout.split('\n')[1]).toBe('dev');
    expect(stdout).toMatch(/^CapEff:\s+0{16}$/m);
    expect(stdout).toMatch(/^CapPrm:\s+0{16}$/m);
    expect(stdout).toMatch(/^CapAmb:\s+0{16}$/m);
    expect(stdout).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  it.each(forbidden)('refuses: %s', async (script) => {
    const { stdout, code } = await target().exec(`echo begun; ${script}`);
    expect(stdout).toMatch(/^begun/);
    expect(code).not.toBe(0);
  });
}

/** For a real image, whose files are all ours. */
export function lendsNoRights(target: () => Target): void {
  it("has no sudo and no file that lends its owner's rights", async () => {
    expect((await target().exec('command -v sudo')).code).not.toBe(0);
    expect((await target().exec('find / -xdev -type f -perm /6000 2>/dev/null')).stdout).toBe('');
  });
}
