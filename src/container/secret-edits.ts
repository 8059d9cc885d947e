import { editTwice } from '../core/edit.js';
import type { Edit, Fix } from '../core/rule.js';
import { member, parseJson } from '../documents/json.js';
import { setMember } from '../documents/json-edits.js';
import { kindOf } from '../documents/kinds.js';
import { addToList } from './add-to-list.js';
import type { Container, Declared, EnvironmentVariable } from './container.js';
import { offerFix } from './fixes.js';

/** Where agents keep their login below the home folder, by the variables that stand for it. */
const logins: readonly (readonly [key: RegExp, title: string, folder: string])[] = [
  [/^(?:ANTHROPIC_API_KEY|ANTHROPIC_AUTH_TOKEN|CLAUDE_CODE_OAUTH_TOKEN)$/, 'Claude Code', '.claude'],
  [/^(?:CODEX_API_KEY|OPENAI_API_KEY)$/, 'Codex', '.codex'],
  [/^GEMINI_API_KEY$/, 'Gemini CLI', '.gemini'],
  [/^COPILOT_GITHUB_TOKEN$/, 'Copilot', '.copilot'],
];

/**
 * Instead of the variable, a secret of the same name that who starts the container is asked for, or hands over.
 * `removed` takes the variable out.
 */
export function offerSecret(
  { file }: Container,
  variable: Declared<EnvironmentVariable>,
  removed: readonly Edit[],
): readonly Fix[] {
  const { name, value } = variable.value;
  // Of a longer text only a part is secret.
  const isWhole = value === undefined || /^\$\{(?:localEnv|env):\w+\}$/.test(value);
  if (!isWhole || !/^[A-Za-z_]\w*$/.test(name) || kindOf(file.path) !== 'devcontainer') return [];
  return offerFix(
    `ask for ${name} as a secret`,
    'who starts it is asked (Codespaces) or hands it over (devcontainer up --secrets-file), and every process still sees it',
    editTwice(file, removed, (changed) => {
      const document = parseJson(changed);
      if (!document.root) return [];
      const secret = { description: `${name}: a token for this project only` };
      const list = member(document.root, 'secrets')?.value;
      if (member(list, name)) return [];
      return list
        ? setMember(document, list, name, secret)
        : setMember(document, document.root, 'secrets', { [name]: secret });
    }),
  );
}

/** Instead of the key, a login that is made inside and kept in a volume of this container. */
export function offerLogin(
  container: Container,
  variable: Declared<EnvironmentVariable>,
  removed: readonly Edit[],
): readonly Fix[] {
  const { file, posture, user, mounts } = container;
  const agent = logins.find(
    ([key, title]) =>
      key.test(variable.value.name) &&
      // Of an agent that only the key tells of, nobody knows whether it is here.
      posture.agents.some(({ what, place }) => what === title && place.at.start !== variable.place.at.start),
  );
  if (!agent || !user.name || kindOf(file.path) !== 'devcontainer') return [];
  const [, title, folder] = agent;
  const name = user.name.split(':')[0] ?? '';
  if (!/^[a-z_][\w-]*$/.test(name)) return [];
  const target = `${name === 'root' ? '/root' : `/home/${name}`}/${folder}`;
  if (mounts.some(({ value }) => value.target === target)) return [];
  return offerFix(
    `keep the login of ${title} in a volume instead`,
    `log in once inside; a new volume belongs to root unless the image has ${target}, owned by ${name}`,
    addMount(container, removed, `type=volume,source=${folder.slice(1)}-\${devcontainerId},target=${target}`),
  );
}

function addMount({ file }: Container, removed: readonly Edit[], mount: string): readonly Edit[] {
  return editTwice(file, removed, (changed) => addToList(parseJson(changed), 'mounts', [mount]));
}
