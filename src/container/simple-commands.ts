/** Stands among a command's words for a redirection into a real file. */
export const fileWritten = '\u0000>';
const quoted = /'[^']*'|"(?:[^"\\]|\\.)*"/g;

/** The simple commands of a script as words; quotes stay where they are, so that no operator inside them splits. */
export function splitCommands(script: string, depth = 0): readonly (readonly string[])[] {
  const kept: string[] = [];
  const masked = script.replace(quoted, (text) => `\u0000${kept.push(text) - 1}\u0000`);
  const words = (part: string) => {
    const visible = part.replace(/\d*>>?\s*\/dev\/null/g, ' ');
    const bare = visible.replace(/\d*>>?\s*\S+/g, ' ').trim();
    const found = bare.split(/\s+/).map((word) => unmask(word, kept));
    return dropKeywords(visible.includes('>') ? [...found, fileWritten] : found);
  };
  return masked
    .replace(/\d*>&\d+|&>/g, ' ')
    .split(/&&|\|\||[;|&\n()]/)
    .map(words)
    .filter((found) => found.some((word) => word !== ''))
    .flatMap((command) => {
      const inner = depth < 3 ? shellArgument(command) : undefined;
      return inner === undefined ? [command] : splitCommands(inner, depth + 1);
    });
}

/** The script of `bash -c '...'`. */
function shellArgument([program = '', ...rest]: readonly string[]): string | undefined {
  if (!/^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh$/.test(program)) return undefined;
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return flag === 0 ? rest[1] : undefined;
}

function unmask(word: string, kept: readonly string[]): string {
  return word.replace(/\u0000(\d+)\u0000/g, (_, index: string) => (kept[Number(index)] ?? '').slice(1, -1));
}

function dropKeywords(words: readonly string[]): readonly string[] {
  const first = words.findIndex(
    (word) => !/^(?:if|then|else|elif|fi|do|done|while|until|!|\{|\}|[A-Za-z_]\w*=.*)$/.test(word),
  );
  return first < 0 ? [] : words.slice(first);
}

/** Lines as a shell knows them, each character at its old offset: a checkout on Windows may have made others. */
export function withoutReturns(text: string): string {
  return text.replaceAll('\\\r\n', ' \\\n').replaceAll('\r\n', ' \n');
}

/** A script's lines with continued ones joined and comments cut off: a `#` behind a blank and outside of quotes. */
export function withoutComments(script: string): string {
  return script
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map(cutComment)
    .join('\n');
}

function cutComment(line: string): string {
  let done = 0;
  let open: string | undefined;
  for (const { index } of line.matchAll(/(?<=^|\s)#/g)) {
    for (const [quote] of line.slice(done, index).matchAll(/['"]/g)) {
      if (open === undefined || open === quote) open = open === undefined ? quote : undefined;
    }
    if (open === undefined) return line.slice(0, index);
    done = index;
  }
  return line;
}
