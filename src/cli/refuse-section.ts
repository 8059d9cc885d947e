import { UserError } from '../core/errors.js';
import type { SourceFile } from '../core/text.js';
import type { CheckedPlan } from '../init.js';
import { placeInPolicy } from '../policy/section-places.js';
import { configPath } from '../scaffold/plan.js';

/** @throws UserError where the policy's own part of devcontainer.json cannot be in the container, at its place. */
export function refuseSection(plan: CheckedPlan, policy: SourceFile): void {
  const [refusal] = plan.refused;
  if (refusal)
    throw new UserError(`it cannot be in the container: ${refusal.reason}`, {
      place: placeInPolicy(policy, ['devcontainer', ...refusal.path]),
    });
  const error = plan.objections.find(({ severity }) => severity === 'error');
  if (!error) return;
  const rendered = plan.emissions.find(({ path }) => path === configPath);
  const isInConfig = rendered && error.place.file.path === configPath;
  const place = isInConfig
    ? placeInPolicy(policy, { rendered, offset: error.place.at.start })
    : placeInPolicy(policy, ['image']);
  throw new UserError(`it cannot be in the container: ${error.message} (${error.ruleId})`, { place });
}
