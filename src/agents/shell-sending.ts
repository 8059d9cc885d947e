import { flatParts, type SimpleCommand } from '../documents/shell-commands.js';

const sender = /^(?:curl|wget2?|nc|ncat|netcat|socat|telnet|ftp|scp|rsync|http|https)$/;
const lookup = /^(?:dig|nslookup|host|ping|drill|getent)$/;

/** Files whose content is a secret wherever it goes. */
const secretFile =
  /(?:~|\$\{?HOME\}?|\/root|\/home\/[^/\s]+|\/Users\/[^/\s]+)\/\.(?:ssh|aws|gnupg|kube|netrc|npmrc|pypirc|docker|azure|git-credentials|config\/(?:gcloud|gh)|claude(?:\.json|\/\.credentials)|codex\/auth)|(?:^|[\s/@"'=])\.env(?:\.(?!example|sample|template|dist)\w+)?(?=$|[\s"');|])|\bid_(?:rsa|dsa|ecdsa|ed25519)\b(?!\.pub)|\.credentials\.json/;
const reader = /^(?:cat|tac|head|tail|base64|xxd|tar|zip|gzip|grep|sed|awk|strings|cp|dd)$/;

/**
 * What a command sends away: the environment or a file of secrets, from the stages before it in a pipeline or from its
 * own words. Undefined where it sends nothing of the kind, or only to the machine itself.
 */
export function judgeSending(command: SimpleCommand, before: readonly SimpleCommand[]): string | undefined {
  const own = command.words.map(({ text }) => text).join(' ');
  if (lookup.test(command.name)) {
    const isBuilt = command.words.some((word) =>
      flatParts(word).some(({ type }) => type === 'CommandExpansion'),
    );
    return isBuilt && /\)["']?\.[\w.-]+|`["']?\.[\w.-]+/.test(own)
      ? `sends data as the name of a host (${command.name})`
      : undefined;
  }
  if (!sender.test(command.name) || isLocal(own)) return undefined;
  if (before.some(printsEnvironment) || /\$\(\s*(?:env|printenv)\b|`\s*(?:env|printenv)\b/.test(own))
    return `sends the environment away (${command.name})`;
  const isRead = before.some((stage) => readsSecret(stage)) || uploadsSecret(own);
  return isRead ? `sends a file of secrets away (${command.name})` : undefined;
}

function isLocal(text: string): boolean {
  return /(?:^|[\s"'/@])(?:localhost|127\.0\.0\.1|\[::1\]|host\.docker\.internal)(?=$|[\s:/"'])/.test(text);
}

function printsEnvironment({ name, words }: SimpleCommand): boolean {
  return (
    (name === 'env' || name === 'printenv' || name === 'export') &&
    words.every(({ value }) => value.startsWith('-'))
  );
}

function readsSecret({ name, words }: SimpleCommand): boolean {
  return reader.test(name) && words.some(({ text }) => secretFile.test(text));
}

/** `-d @FILE`, `-F x=@FILE`, `-T FILE`, `--post-file=FILE`, or `$(cat FILE)` in the data. */
function uploadsSecret(text: string): boolean {
  return text
    .split(/(?=\s-)|(?=\$\()/)
    .some(
      (part) =>
        /@|^\s*-T|--upload-file|--post-file|\$\(\s*(?:cat|base64|tar)\b/.test(part) && secretFile.test(part),
    );
}
