import { didYouMean } from '../core/suggest.js';
import { elements, type JsonNode, stringValue } from '../documents/json.js';
import { longName, nameOfLetter, optionNames, takesValue } from './run-flags.js';

/** An element of `runArgs` that the engine refuses, or takes for something else than was meant. */
export interface RunProblem {
  readonly node: JsonNode;
  readonly message: string;
}

/** Words of `runArgs` that are no option of the engine, in order. */
export function findRunProblems(list: JsonNode | undefined): readonly RunProblem[] {
  const problems: RunProblem[] = [];
  const nodes = elements(list);
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    const text = stringValue(node);
    if (!node) continue;
    if (text === undefined) {
      problems.push({ node, message: `an element of runArgs is ${node.type}: each is a text` });
      continue;
    }
    // A variable may be anything, and nothing behind it can be told.
    if (text.trim() === '' || text.startsWith('${')) return problems;
    if (!/^-./s.test(text)) {
      const message = `runArgs holds "${text}", which is no option and no value of one: the engine takes it for the image`;
      return [...problems, { node, message }];
    }
    const { message, takesNext } = readOption(text);
    if (message !== undefined) problems.push({ node, message });
    if (takesNext ?? isPlain(stringValue(nodes[index + 1]))) index += 1;
  }
  return problems;
}

function isPlain(text: string | undefined): boolean {
  return text !== undefined && !text.startsWith('-');
}

interface ReadOption {
  readonly message?: string;
  /** Undefined where only the next word can tell. */
  readonly takesNext: boolean | undefined;
}

function readOption(text: string): ReadOption {
  const glued = /^(--?[\w-]+)[ \t]+(\S.*)$/s.exec(text);
  if (glued) {
    const [, name = '', value = ''] = glued;
    return {
      message: `"${text}" is one element: the engine knows no option with a blank in its name; write "${name}", "${value}"`,
      takesNext: false,
    };
  }
  if (!text.startsWith('--')) return readLetters(text);
  const [name = text] = text.split('=');
  const known = takesValue(longName(name));
  const hasValue = text.includes('=');
  if (known !== undefined) return { takesNext: known && !hasValue };
  const message = `${name} is no option of docker run or podman run${didYouMean(name, optionNames())}`;
  return { message, takesNext: hasValue ? false : undefined };
}

function readLetters(text: string): ReadOption {
  for (let at = 1; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    const name = nameOfLetter(letter);
    if (name === undefined && letter === '=') return { takesNext: false };
    if (name === undefined)
      return { message: `-${letter} is no option of docker run or podman run`, takesNext: false };
    if (takesValue(name)) return { takesNext: at + 1 === text.length };
  }
  return { takesNext: false };
}
