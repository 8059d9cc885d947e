import { addToList } from '../../container/add-to-list.js';
import type { Container, Declared } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { reasonForPrivilege } from '../../container/privilege-reasons.js';
import { editTwice } from '../../core/edit.js';
import type { Fix, Rule } from '../../core/rule.js';
import { parseJson } from '../../documents/json.js';

export const noPrivileged: Rule<'container'> = {
  id: 'no-privileged',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not run the container privileged',
  why: "A privileged container has every capability, every device of the host and no system call filter: its root mounts the host's disk and owns the machine, and any way to root inside is a way to root outside.",
  references: [
    'https://docs.docker.com/reference/cli/docker/container/run/#privileged',
    'https://containers.dev/implementors/json_reference/',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "privileged": «true»\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    { bad: '{\n  "runArgs": ["--init", «"--privileged=1"»]\n}\n', fixed: '{\n  "runArgs": ["--init"]\n}\n' },
    { bad: '{\n  "privileged": «"false"»\n}\n', fixed: '{\n  "privileged": false\n}\n' },
    {
      bad: {
        'compose.yaml': 'services:\n  app:\n    image: node:24\n    privileged: «true» # for the profiler\n',
      },
      fixed: { 'compose.yaml': 'services:\n  app:\n    image: node:24\n' },
    },
  ],
  good: [
    '{ "privileged": false }',
    '{ "privileged": null }',
    '{ "runArgs": ["--privileged=false"] }',
    '{\n  // "privileged": true\n  "postCreateCommand": "echo --privileged"\n}',
    '{ "runArgs": ["--name", "--privileged"] }',
    { 'compose.yaml': 'services:\n  app:\n    image: node:24\n    privileged: "false"\n' },
  ],
  mayShow: ({ privileged }) => privileged.length > 0,
  *check(container) {
    for (const declared of container.privileged) {
      yield {
        place: declared.place,
        message:
          declared.value === 'false'
            ? 'the text "false" is not the value false: the container runs privileged'
            : `runs the container privileged (${declared.syntax})`,
        fixes: () => [...listFixes(declared), ...offerCapability(declared, container)],
      };
    }
  },
};

/** The one capability that what the files show really needs, where that is known. */
function offerCapability(declared: Declared<unknown>, container: Container): readonly Fix[] {
  const { file } = container;
  const known = reasonForPrivilege(container);
  if (!known || declared.value === 'false' || declared.place.file !== file) return [];
  return offerFix(
    `add ${known.capability} instead, ${known.reason}`,
    'what needs more than that fails; it has to be named too',
    editTwice(file, declared.remove(), (changed) =>
      addToList(parseJson(changed), 'capAdd', [known.capability]),
    ),
  );
}

function listFixes(declared: Declared<unknown>): readonly Fix[] {
  const { place } = declared;
  const remove = offerFix(
    declared.syntax === 'runArgs' ? 'remove --privileged' : 'remove "privileged"',
    `what needs single devices or capabilities has to name them in ${
      declared.syntax === 'compose' ? 'devices or cap_add' : 'runArgs or capAdd'
    }`,
    declared.remove(),
  );
  if (declared.value !== 'false' || declared.syntax !== 'privileged') return remove;
  const edit = { file: place.file.path, at: place.at, text: 'false' };
  return [...offerFix('write the value false', 'the container is no longer privileged', [edit]), ...remove];
}
