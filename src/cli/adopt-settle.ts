import { posix } from 'node:path';
import type { Finding, Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { overlayProject } from '../index.js';
import { type CheckedPlan, planInit } from '../init.js';
import {
  type Adoption,
  type AdoptionNote,
  checkText,
  dropPaths,
  sectionText,
  sectionValue,
} from '../policy/adopt.js';
import { servicesPath } from '../policy/adopt-compose.js';
import { warnAboutKept } from '../policy/adopt-warnings.js';
import type { SectionPath } from '../policy/devcontainer-section.js';
import { locateInSection } from '../policy/section-places.js';
import { configPath } from '../scaffold/plan.js';

/** The parts of an old configuration that pass, and what became of the others. */
export interface Settled {
  readonly policy: SourceFile;
  /** What stands in the policy's section, as a file of its own. */
  readonly section: SourceFile;
  readonly image: string | undefined;
  /** Text of the compose file for services beside the workspace. */
  readonly services: string | undefined;
  readonly notes: readonly AdoptionNote[];
}

/** What stays of the old file so far. */
export interface AdoptionDraft {
  readonly section: string | undefined;
  readonly image: string | undefined;
  readonly services: string | undefined;
}

interface Dropped {
  readonly path: SectionPath;
  readonly reason: string;
}

/**
 * Leaves out of the section whatever the policy's schema, the renderer or lint refuses, until the rest passes. `build`
 * makes the policy that would be written. What lint warns of stays.
 */
export async function settle(
  adoption: Adoption,
  project: Project,
  build: (draft: AdoptionDraft) => SourceFile,
): Promise<Settled> {
  let { section, image, services } = adoption;
  const notes: AdoptionNote[] = [...adoption.notes];
  for (;;) {
    const policy = build({ section: sectionText(section), image, services });
    const dropped = await findRefused(policy, section, withServices(project, services));
    if (dropped.length === 0) {
      const own = sectionValue(section, []) as Readonly<Record<string, unknown>>;
      return { policy, section, image, services, notes: [...notes, ...warnAboutKept(own)] };
    }
    for (const { path, reason } of dropped)
      notes.push({ path, fate: path[0] === 'image' ? 'replaced' : 'left', reason });
    if (dropped.some(({ path }) => path[0] === 'image')) image = undefined;
    if (dropped.some(({ path }) => path[0] === 'services')) services = undefined;
    const paths = dropped.map(({ path }) => path);
    const rest = dropPaths(section, paths);
    if (rest.text === section.text && !paths.some(([top]) => top === 'image' || top === 'services'))
      throw new Error(`what is refused in an adopted configuration is not in it: ${JSON.stringify(dropped)}`);
    section = rest;
  }
}

/** The project with the compose file in it that is yet to be written. */
export function withServices(project: Project, services: string | undefined): Project {
  return services === undefined ? project : overlayProject(project, new Map([[servicesPath, services]]));
}

async function findRefused(
  policy: SourceFile,
  section: SourceFile,
  project: Project,
): Promise<readonly Dropped[]> {
  const wrong = checkText(policy).flatMap(({ pointer, message }): Dropped[] => {
    const [, top, ...steps] = pointer
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return top === 'devcontainer' && steps.length > 0
      ? [{ path: toPath(section, steps), reason: message }]
      : [];
  });
  if (wrong.length > 0) return wrong;
  const plan = await planInit({ policy }, project);
  if (plan.refused.length > 0) return plan.refused;
  return plan.objections.flatMap((finding) => locate(finding, plan, section));
}

/** Pointers do not tell the index of a list from a key. */
function toPath(section: SourceFile, steps: readonly string[]): SectionPath {
  const path: (string | number)[] = [];
  for (const step of steps) path.push(Array.isArray(sectionValue(section, path)) ? Number(step) : step);
  return path;
}

function locate(finding: Finding, plan: CheckedPlan, section: SourceFile): Dropped[] {
  if (finding.severity !== 'error') return [];
  const { place, message } = finding;
  const reason = `lint: ${message} (${finding.ruleId})`;
  const own = sectionValue(section, []) as Readonly<Record<string, unknown>>;
  if (place.file.path === servicesPath) return [{ path: ['services'], reason }];
  if (place.file.path !== configPath) {
    const feature = Object.keys((own.features ?? {}) as object).find((id) =>
      place.file.path.startsWith(`${posix.join(posix.dirname(configPath), id)}/`),
    );
    return [{ path: feature === undefined ? ['image'] : ['features', feature], reason }];
  }
  const rendered = plan.emissions.find(({ path }) => path === configPath);
  const path = rendered && locateInSection(rendered, place.at.start, own);
  if (!path)
    throw new Error(`an adopted configuration has a finding without a place: ${finding.ruleId}: ${message}`);
  return [{ path, reason }];
}
