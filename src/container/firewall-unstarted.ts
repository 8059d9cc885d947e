import type { Container } from './container.js';
import { type Firewall, lastName } from './firewall-names.js';

/** A file is not longer where somebody wrote it. */
const longest = 200_000;

/**
 * Whether nothing in the project starts a firewall that is there to be started. False also where something that is not
 * known here may do it: a script of the image, another service, a profile.
 */
export function isNeverStarted({ file, starts, container, model }: Firewall): boolean {
  if (!container || container.source === 'none' || container.isNeighbour) return false;
  if (starts.length > 0 || container.firewall || !model.families[4].isClosed) return false;
  const { startup, lifecycle, compose } = container;
  const name = lastName(file.path);
  const isNamed = (text: string) => text.slice(0, longest).includes(name);
  const documents = [container.file, ...(compose?.documents.map(({ file: one }) => one) ?? [])];
  if (documents.some(({ text }) => isNamed(text)) || startup.entry.some(({ text }) => isNamed(text)))
    return false;
  if (lifecycle.some(({ value }) => value.scripts.some((script) => isNamed(script.file.text)))) return false;
  // A shell's profile, cron or a supervisor that the image sets up.
  if (
    startup.build.some(
      ({ keyword, text }) => keyword === 'RUN' && isNamed(text) && /profile|rc\b|cron|service/.test(text),
    )
  )
    return false;
  return !mayStartUnseen(container);
}

/** Whether something runs at the start of which the files do not say what it does. */
function mayStartUnseen({ startup, lifecycle, source, compose }: Container): boolean {
  if (startup.keepsEntry && (startup.entry.length === 0 || compose !== undefined)) return true;
  if (source === 'compose' && startup.entry.length === 0) return true;
  return lifecycle.some(({ value }) => {
    const words = (value.script ?? value.argv?.join(' ') ?? '').split(/[\s;&|()<>`"'=]+/);
    const scripts = words.filter((word) => /\.(?:ba|z)?sh$/.test(word) || /^\/usr\/local\//.test(word));
    return scripts.some((word) => startup.findScript(word).length === 0);
  });
}
