import type { AdoptionNote } from './adopt.js';
import type { SectionPath } from './devcontainer-section.js';

/** What is kept but will not do what it did: commands with sudo, and paths in the home of a user who is not there. */
export function warnAboutKept(section: Readonly<Record<string, unknown>>): AdoptionNote[] {
  return [...unknownFeatures(section), ...warnAboutTexts(section)];
}

/** What a Feature asks of the container stands in its own registry. */
function unknownFeatures({ features }: Readonly<Record<string, unknown>>): AdoptionNote[] {
  const ids = Object.keys(typeof features === 'object' && features !== null ? features : {});
  return ids
    .filter((id) => !/^(?:\.|ghcr\.io\/devcontainers\/features\/)/.test(id))
    .map((id) =>
      note(
        ['features', id],
        'not known here: what it asks of the container shows in `devcontainer read-configuration --include-merged-configuration`',
      ),
    );
}

function warnAboutTexts(section: Readonly<Record<string, unknown>>): AdoptionNote[] {
  return [...listTexts(section, [])].flatMap(({ path, text }): AdoptionNote[] => {
    const isCommand = /Command$/.test(String(path[0]));
    const home = /\/home\/(?!dev(?:\/|\b))([a-z][a-z0-9_-]{0,31})(?=\/|["'\s:;]|$)/.exec(text)?.[1];
    return [
      ...(isCommand && /(?:^|[\s;&|(])sudo\s/.test(text)
        ? [
            note(
              path,
              'it calls sudo, which the container does not have: move what needs root into a Feature or the image',
            ),
          ]
        : []),
      ...(home === undefined
        ? []
        : [note(path, `it names /home/${home}; here the user is dev, whose home is /home/dev`)]),
    ];
  });
}

function note(path: SectionPath, reason: string): AdoptionNote {
  return { path, fate: 'kept', reason };
}

function* listTexts(value: unknown, path: SectionPath): Generator<{ path: SectionPath; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* listTexts(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}
