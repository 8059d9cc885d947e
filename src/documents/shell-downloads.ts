import type { Word } from 'unbash';
import { baseName, type SimpleCommand } from './shell-commands.js';

/** Programs that fetch a document and write it to a file or to standard output. */
const downloaders =
  /^(?:curl|wget2?|fetch|aria2c|axel|http|https|xh|lwp-request|iwr|irm|invoke-webrequest|invoke-restmethod)$/i;

export interface Download {
  /** The address as written; a missing scheme is what curl takes it for, http. */
  readonly url: string | undefined;
  /** The file it is written to, normalised; undefined for standard output or where it cannot be told. */
  readonly output: string | undefined;
}

export function readDownload(command: SimpleCommand): Download | undefined {
  if (!downloaders.test(command.name)) return undefined;
  const texts = command.words.map(({ value }) => value);
  const url = findUrl(texts);
  if (url === undefined && texts.every((text) => text.startsWith('-'))) return undefined;
  return { url, output: findOutput(command, texts, url) };
}

function findUrl(texts: readonly string[]): string | undefined {
  const full = texts.find((text) => /^[a-z][a-z+.-]*:\/\/[^$`/]+/i.test(text));
  if (full !== undefined) return full;
  const option = texts.find((text) => /^--url=/.test(text))?.slice('--url='.length);
  if (option !== undefined) return option;
  const bare = texts.find((text, index) => isHost(text) && !takesWord(texts[index - 1] ?? ''));
  return bare === undefined ? undefined : `http://${bare}`;
}

function isHost(text: string): boolean {
  return (
    /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?]\S*)?$/i.test(text) &&
    !/\.(?:sh|py|js|zip|tgz|gz|json|txt)$/i.test(text)
  );
}

/** Options of curl and wget behind which a word is not an address. */
function takesWord(text: string): boolean {
  return /^(?:-[a-zA-Z]*[oOHdXAuUexbcmTKPQFY]|--(?:output|header|data|request|user-agent|user|referer|proxy|retry|connect-timeout|max-time|output-document|cacert|proto))$/.test(
    text,
  );
}

function findOutput(
  command: SimpleCommand,
  texts: readonly string[],
  url: string | undefined,
): string | undefined {
  const isWget = /^wget/.test(command.name);
  for (const [index, text] of texts.entries()) {
    const long = /^--(?:output|output-document|out)(?:=(.*))?$/s.exec(text);
    if (long) return fileName(long[1] ?? texts[index + 1]);
    const letter = isWget ? 'O' : 'o';
    const short = new RegExp(`^-[a-zA-Z]*?${letter}(.*)$`, 's').exec(text);
    if (short && !text.startsWith('--')) return fileName(short[1] || texts[index + 1]);
  }
  const redirected = redirectTarget(command);
  if (redirected !== undefined) return redirected;
  const isRemoteName = isWget || texts.some((text) => /^(?:-[a-zA-Z]*O[a-zA-Z]*|--remote-name)$/.test(text));
  return isRemoteName && url !== undefined ? fileName(baseName(url.replace(/[?#].*$/s, ''))) : undefined;
}

/** The file that a command's standard output goes to. */
export function redirectTarget({ node }: SimpleCommand): string | undefined {
  for (const redirect of node.redirects) {
    if (redirect.type !== 'Redirect' || !/^(?:&?>>?|>\|)$/.test(redirect.operator)) continue;
    const isOutput =
      redirect.descriptor === undefined ||
      (redirect.descriptor.type === 'FileDescriptor' && redirect.descriptor.value === 1);
    if (isOutput) return fileName(redirect.target?.value);
  }
  return undefined;
}

/** A file's name for comparing; undefined for standard output, `/dev/null` and nothing. */
export function fileName(text: string | undefined): string | undefined {
  if (!text || text === '-' || /^\/dev\/(?:stdout|null|fd\/1)$/.test(text)) return undefined;
  return text.replace(/\$\{(\w+)\}/g, '$$$1').replace(/^(?:\.\/)+/, '');
}

const checkers = /^(?:sha\d*sum|shasum|md5sum|b2sum|b3sum|cosign|minisign|signify|gpgv)$/;

/** Whether a command compares a file with a digest or a signature. */
export function isVerification(command: SimpleCommand): boolean {
  if (checkers.test(command.name)) return true;
  const texts = command.words.map((word: Word) => word.value);
  if (command.name === 'gpg') return texts.some((text) => /^--verify/.test(text));
  return command.name === 'openssl' && texts.some((text) => text === '-verify' || text === 'dgst');
}
