import { inPlace, readArguments } from './argument-vectors.js';
import { type PlainCommand, readCommands } from './command-words.js';
import { commandsOfDockerfile } from './dockerfile-commands.js';
import { elements, type JsonNode, member, members, stringValue } from './json.js';
import { languageOf } from './language.js';
import type { SourceText } from './source-text.js';

/**
 * The commands that stand in a file: all of a script, those of the instructions of a Dockerfile, and in a file of keys
 * and values those of each text that `wanted` matches, with argument vectors as commands of their own. What is written
 * to be refused or matched is left out.
 */
export function commandsIn({ file, document }: SourceText, wanted: RegExp): readonly PlainCommand[] {
  if (!wanted.test(file.text)) return [];
  if (document) return document.root ? commandsBelow(document.root, file.text, wanted) : [];
  const language = languageOf(file);
  if (language === 'shell') return readCommands(file.text.replace(/^\uFEFF/, ' '));
  if (language !== 'dockerfile') return [];
  return commandsOfDockerfile(file.text.replace(/^\uFEFF/, ' ')).map(({ command }) => command);
}

/** Keys below which commands stand that nobody runs. */
const shown =
  /den(?:y|ied)|ask|block|forbid|disallow|exclude|matcher|pattern|description|^(?:if|name|title|label)$/i;

function commandsBelow(node: JsonNode, text: string, wanted: RegExp): readonly PlainCommand[] {
  if (node.type === 'string') return wanted.test(String(node.value)) ? commandsOf(node, text) : [];
  if (node.type === 'array') {
    const words = elements(node);
    // A list of options alone has the program somewhere else.
    const isVector = words.length > 1 && words.every((word) => word.type === 'string');
    return [
      ...(isVector ? argumentsOf(words, text, wanted) : []),
      ...words.flatMap((word) => commandsBelow(word, text, wanted)),
    ];
  }
  const program = member(node, 'command')?.value;
  const words = elements(member(node, 'args')?.value);
  const isSplit = program?.type === 'string' && words.length > 0;
  return [
    ...(isSplit ? argumentsOf([program, ...words], text, wanted) : []),
    ...members(node).flatMap(({ key, value }) => (shown.test(key) ? [] : commandsBelow(value, text, wanted))),
  ];
}

function commandsOf(node: JsonNode, text: string): readonly PlainCommand[] {
  const { text: inside, start } = insideOf(node, text);
  return readCommands(inPlace(inside), start);
}

function argumentsOf(words: readonly JsonNode[], text: string, wanted: RegExp): readonly PlainCommand[] {
  const values = words.map((word) => stringValue(word) ?? '');
  const isInOrder = words.every((word, index) => word.offset > (words[index - 1]?.offset ?? -1));
  if (!isInOrder || /\s/.test(values[0] ?? '') || !wanted.test(values.join(' '))) return [];
  return readArguments(words.map((word) => insideOf(word, text)));
}

/** The text of a string without its quotes, if it has any. */
function insideOf({ offset, length }: JsonNode, text: string): { text: string; start: number } {
  const written = text.slice(offset, offset + length);
  const quote = /^(?:"""|'''|["'])/.exec(written)?.[0].length ?? 0;
  return { text: written.slice(quote, written.length - quote), start: offset + quote };
}
