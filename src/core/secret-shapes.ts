import { Attached } from './attached.js';
import type { SourceFile, Span } from './text.js';

/** A secret that a text shows by its form, whatever it is called. */
export interface FoundSecret extends Span {
  /** A noun with its article: 'a GitHub token'. */
  readonly what: string;
}

const token = (source: string) => new RegExp(`(?<![\\w-])(?:${source})`, 'g');

/** The forms that issuers give to their tokens. Each run of characters is bounded: the text may be anything. */
const shapes: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a GitHub token', token('gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}')],
  ['a GitLab token', token('gl(?:pat|rt|dt|ptt)-[\\w-]{20,255}')],
  ['an Anthropic key', token('sk-ant-[\\w-]{20,255}')],
  ['an OpenAI key', token('sk-proj-[\\w-]{20,255}|sk-[A-Za-z0-9]{40,255}')],
  ['an OpenRouter key', token('sk-or-[\\w-]{20,255}')],
  ['an AWS access key', token('(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])')],
  ['a Google key', token('AIza[\\w-]{35}|ya29\\.[\\w-]{20,255}')],
  ['a Slack token', token('xox[abeprs]-[A-Za-z0-9-]{10,255}')],
  ['an npm token', token('npm_[A-Za-z0-9]{36}')],
  ['a PyPI token', token('pypi-AgE[\\w-]{20,255}')],
  ['a RubyGems key', token('rubygems_[a-f0-9]{48}')],
  ['a Docker Hub token', token('dckr_pat_[\\w-]{20,255}')],
  ['a Hugging Face token', token('hf_[A-Za-z0-9]{34}')],
  ['a Vault token', token('hvs\\.[\\w-]{20,255}')],
  ['a SendGrid key', token('SG\\.[\\w-]{16,64}\\.[\\w-]{16,64}')],
  ['a Stripe key', token('[sr]k_live_[A-Za-z0-9]{16,255}')],
  ['a Shopify token', token('shpat_[a-fA-F0-9]{32}')],
  ['a DigitalOcean token', token('dop_v1_[a-f0-9]{64}')],
  ['a Linear key', token('lin_api_[A-Za-z0-9]{32,255}')],
  ['a Groq key', token('gsk_[A-Za-z0-9]{32,255}')],
  ['an NVIDIA key', token('nvapi-[\\w-]{32,255}')],
  ['a Tailscale key', token('tskey-[a-z]{2,20}-[A-Za-z0-9-]{20,255}')],
  ['an Atlassian token', token('ATATT3[\\w=-]{20,255}')],
  ['an age key', token('AGE-SECRET-KEY-1[A-Z0-9]{58}')],
  // The header alone may be what a guard looks for; a key has a body.
  [
    'a private key',
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\\r|\\n|\s){1,20}[A-Za-z0-9+/=:,\\\s-]{40,10000}/g,
  ],
  ['a signed token (JWT)', token('eyJ[\\w-]{8,2000}\\.eyJ[\\w-]{8,4000}\\.[\\w-]{8,1000}')],
];

/**
 * None of the forms is without one of these, so most texts are looked at once. The sign that comes first here is the rare
 * one, and what has to stand before it is asked behind it: a text is gone through five times as fast.
 */
const mayHold =
  /[_.AJKTz-](?<=gh[pousr]_|github_pat_|gl(?:pat|rt|dt|ptt)-|sk-|A[KS]IA|AIz|ya29\.|xox[a-z]-|npm_|pypi-|rubygems_|dckr_|hf_|hvs\.|SG\.|[sr]k_live_|shpat_|dop_v1_|lin_api_|gsk_|nvapi-|tskey-|ATATT|AGE-|PRIVATE K|eyJ)|:\/\/[^\s/:@]{0,200}:/;

const inAddress =
  /(?<![\w+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>`\\]{0,200}:([^\s@/"'<>`\\]{1,200})@([^\s/"'<>`\\:?#,]{1,255})/gi;

/**
 * Secrets that a text holds in the open: tokens by their issuers' forms, private keys, and passwords in addresses of
 * other machines. Placeholders and documented samples are none.
 */
export function findSecrets(text: string): readonly FoundSecret[] {
  if (!mayHold.test(text)) return [];
  const found: FoundSecret[] = [];
  for (const [what, pattern] of shapes) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      if (!isPlaceholder(match) && !isPublicToken(match))
        found.push({ start: index, end: index + match.trimEnd().length, what });
    }
  }
  for (const { 0: match, 1: password = '', 2: host = '', index } of text.matchAll(inAddress)) {
    if (isPlaceholder(password) || isPlaceholder(host) || isThrowAway(password) || isNearName(host)) continue;
    const end = index + match.length - host.length - 1;
    found.push({ start: end - password.length, end, what: 'a password in an address' });
  }
  return found.sort((a, b) => a.start - b.start);
}

// A rule asks for them, and the report about any other finding in the file.
const known = new Attached<SourceFile, readonly FoundSecret[]>();

/** {@link findSecrets} in a file, looked for once. */
export function secretsOf(file: SourceFile): readonly FoundSecret[] {
  const found = known.get(file) ?? findSecrets(file.text);
  known.set(file, found);
  return found;
}

/** Text that stands for a value that somebody has yet to put in. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === '' || /[${}<>]|^%\w+%$|^(?:op|vault|secret|keyring|env|file):/i.test(text)) return true;
  if (
    /example|placeholder|change[-_]?(?:me|it)|dummy|\bfake|your[-_]|redacted|todo|insert|replace|xxxx|\*{3}|\.{3}/i.test(
      text,
    )
  )
    return true;
  if (/0123456|1234567|abcdefg|fedcba/i.test(text)) return true;
  const body = text.replace(/^[A-Za-z]{2,12}[-_](?:[a-z]{2,6}\d*[-_])?/, '');
  return new Set(body.toLowerCase()).size <= Math.min(5, Math.ceil(body.length / 3));
}

/** Passwords of databases that live as long as a test. */
export function isThrowAway(value: string): boolean {
  return (
    value.length < 8 ||
    /^(?:password|passw0rd|postgres(?:ql)?|root|admin|administrator|secret|mysecretpassword|test\w*|dev\w*|local\w*|mysql|mariadb|mongo\w*|redis|guest|rabbitmq|minioadmin|default|docker|vscode|user\w*|pass\w*)\d{0,4}!?$/i.test(
      value,
    )
  );
}

/** A token that is made to be published: Supabase's anonymous role, and its documented samples. */
function isPublicToken(text: string): boolean {
  const [, payload] = /^eyJ[\w-]+\.(eyJ[\w-]+)\./.exec(text) ?? [];
  if (payload === undefined) return false;
  try {
    return /"role"\s*:\s*"anon"|supabase-demo/.test(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return false;
  }
}

function isNearName(host: string): boolean {
  return (
    /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[|host\.(?:docker|containers)\.internal$)/i.test(host) ||
    !host.includes('.')
  );
}

/** How a secret is named in a message: never by its value. */
export function describeSecret(value: string): string {
  const prefix = /^(?:[A-Za-z]{2,12}[-_.](?:[a-z]{2,4}\d*[-_])?|AKIA|ASIA|AIza|eyJ)/.exec(value)?.[0] ?? '';
  return `${prefix}… of ${value.length} characters`;
}

/** The text with stars in place of the spans, as long as before, so that every offset still holds. */
export function mask(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let masked = '';
  let done = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < done) continue;
    masked += text.slice(done, start) + text.slice(start, end).replace(/[^\s]/g, '*');
    done = end;
  }
  return masked + text.slice(done);
}
