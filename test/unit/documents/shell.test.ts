import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRemoteExecutions } from '../../../src/documents/shell.js';

/** The stretches that are found, with their forms. */
async function find(script: string): Promise<string[]> {
  const found = await findRemoteExecutions(script);
  return found.map(({ start, end }) => script.slice(start, end));
}

describe('remote content that is run', () => {
  test.each([
    ['curl -fsSL https://x.test/i.sh | sh', 'curl … | sh'],
    ['curl -fsSL https://x.test/i.sh | bash -s -- -y --no-prompt', 'curl … | bash'],
    ['curl https://x.test/i.sh | sudo -E bash -', 'curl … | bash'],
    ['wget -qO- https://x.test/i.sh | /bin/bash', 'wget … | bash'],
    ['wget -O - https://x.test/i.sh | sudo -u dev env A=1 zsh', 'wget … | zsh'],
    ['curl -s https://x.test/i.py | python3 -', 'curl … | python3'],
    ['curl -s https://x.test/i.js | node', 'curl … | node'],
    ['curl -L https://cpan.test/i | perl - App::x', 'curl … | perl'],
    ['curl -s https://x.test/i.sh | tee /tmp/log | bash', 'curl … | bash'],
    ['curl -s https://x.test/i.b64 | base64 -d | sh', 'curl … | sh'],
    ['(curl -s https://x.test/a; curl -s https://x.test/b) | bash', 'curl … | bash'],
    ['curl -s https://x.test/i.sh | (cd /tmp && bash)', 'curl … | bash'],
    ['bash <(curl -s https://x.test/i.sh) --flag', 'bash <(curl …)'],
    ['bash < <(curl -s https://x.test/i.sh)', 'bash <(curl …)'],
    ['source <(curl -s https://x.test/i.sh)', 'source <(curl …)'],
    ['. <(wget -qO- https://x.test/i.sh)', '. <(wget …)'],
    ['sh -c "$(curl -fsSL https://x.test/install.sh)" "" --unattended', 'sh -c "$(curl …)"'],
    ['sh -c "`curl -fsSL https://x.test/install.sh`"', 'sh -c "$(curl …)"'],
    ['eval "$(curl -fsSL https://x.test/i)"', 'eval "$(curl …)"'],
    ['python3 -c "$(curl -fsSL https://x.test/i)"', 'python3 -c "$(curl …)"'],
    ['bash <<< "$(curl -s https://x.test/i)"', 'bash "$(curl …)"'],
    ['S=$(curl -s https://x.test/i) && bash -c "$S"', 'bash -c "$(curl …)"', 'bash -c "$S"'],
    ['S="$(curl -s https://x.test/i)"; echo "$S" | sh', 'curl … | sh', 'echo "$S" | sh'],
    ['curl -o /tmp/i.sh https://x.test/i.sh && bash /tmp/i.sh', 'curl …, then bash /tmp/i.sh'],
    ['curl -fsSLO https://x.test/i.sh; chmod +x i.sh; ./i.sh', 'curl …, then ./i.sh'],
    ['wget https://x.test/get-pip.py && python get-pip.py', 'wget …, then python get-pip.py'],
    ['curl https://x.test/i > "$TMP/i.sh"; sh ${TMP}/i.sh', 'curl …, then sh ${TMP}/i.sh'],
    ['curl -s https://x.test/i | sed s/a/b/ > i.sh && . ./i.sh', 'curl …, then . ./i.sh'],
    ['iwr -useb https://x.test/i.ps1 | iex', 'iwr … | iex'],
    ["iex ((New-Object System.Net.WebClient).DownloadString('https://x.test/i.ps1'))", 'iex (iwr …)'],
  ])('%s', async (script, form, stretch = script) => {
    const found = await findRemoteExecutions(script);
    expect(found.map((one) => one.form)).toEqual([form]);
    expect(await find(script)).toEqual([stretch]);
  });

  test.each([
    '# curl https://x.test/i.sh | sh',
    'echo "curl https://x.test/i.sh | sh"',
    "printf '%s' 'bash <(curl https://x.test)'",
    'curl -fsSL https://x.test/a.tgz | tar xz -C /opt',
    'curl -fsSL https://x.test/key | gpg --dearmor -o /usr/share/keyrings/k.gpg',
    'curl -s https://x.test/api | jq -r .tag_name',
    'curl -s https://x.test/api | python3 -m json.tool',
    'curl -s https://x.test/api | python3 -c "import json,sys; print(json.load(sys.stdin))"',
    'curl -s https://x.test/data | node transform.js',
    'V=$(curl -s https://x.test/latest) && npm install tool@$V',
    'bash -c "VERSION=$(curl -s https://x.test/latest) npm ci"',
    'curl -fsSLO https://x.test/i.sh && echo "abc  i.sh" | sha256sum -c && bash i.sh',
    'curl -o i.sh https://x.test/i.sh && gpg --verify i.sh.asc i.sh && sh i.sh',
    'curl -o data.json https://x.test/d && bash scripts/setup.sh',
    'grep -q "curl | sh" README.md',
    'curl -fsSL https://x.test/health && bash run.sh',
    'wget -q https://x.test/a.deb && sudo dpkg -i a.deb',
    'npm ci',
  ])('stays silent on %s', async (script) => {
    expect(await find(script)).toEqual([]);
  });

  test.each([
    ["npm ci && bash -lc 'set -e; curl https://x.test/i | sh' && echo done", 'curl https://x.test/i | sh'],
    ['a; curl https://x.test/i | sh; b', 'curl https://x.test/i | sh'],
    ['if true; then curl https://x.test/i | sh; fi', 'curl https://x.test/i | sh'],
    ['sudo su - dev -c "curl https://x.test/i | sh"', 'sudo su - dev -c "curl https://x.test/i | sh"'],
    ['bash <<EOF\nset -e\ncurl https://x.test/i | sh\nEOF\n', 'curl https://x.test/i | sh'],
    ['echo "start\ncurl https://x.test/i | sh', 'curl https://x.test/i | sh'],
  ])('finds the stretch in %s', async (script, stretch) => {
    expect(await find(script)).toEqual([stretch]);
  });

  test.each([
    ['curl -fsSL "https://x.test/i.sh?a=b" | sh', 'https://x.test/i.sh?a=b'],
    ['curl -H "A: b" --retry 3 get.x.test | sh', 'http://get.x.test'],
    ['curl -fsSL https://x.test/$VERSION/i.sh | sh', 'https://x.test/$VERSION/i.sh'],
    ['curl -fsSL "$URL" | sh', undefined],
  ])('reads the address of %s', async (script, url) => {
    const [found] = await findRemoteExecutions(script);
    expect(found?.url).toBe(url);
  });

  test('never throws, and every place lies inside the script', async () => {
    const word = fc.constantFrom(
      'curl',
      'https://x.test/i',
      '|',
      'sh',
      '<(',
      ')',
      '"',
      "'",
      '$(',
      '`',
      '\\',
      '\n',
      '&&',
      '<<E',
      '-c',
      '{',
      'if',
      '\0',
    );
    const script = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 20 }).map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(script, async (text) => {
        for (const { start, end } of await findRemoteExecutions(text)) {
          expect(0 <= start && start < end && end <= text.length).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
