import type { FirewallModel } from './firewall-script.js';
import { type Step, stopsOnFailure } from './firewall-step.js';

/** The first step that can fail any day, and ends the script then. */
export function findFailure(before: readonly Step[]): Step | undefined {
  return before.find((step, index) => {
    if (step.isHandler || step.isSwitched) return false;
    const isAsked = step.kind === 'fetch' || step.kind === 'lookup';
    if (!isAsked && !(step.kind === 'set' && step.action === 'add' && !step.exist)) return false;
    if (stopsOnFailure(step)) return true;
    const end =
      isAsked && before.slice(index, index + 400).find((one) => one.kind === 'exit' && !one.isSwitched);
    return end && end.kind === 'exit' && end.code !== 0;
  });
}

/** Whether a trap closes the network. */
export function hasTrap(steps: readonly Step[]): boolean {
  return steps.some(
    (step) => step.isHandler && step.kind === 'policy' && step.chain.isOutput && step.verdict === 'drop',
  );
}

/** Whether anything minds that the network could not be closed. */
export function isChecked(
  { file, steps, lastStatement }: FirewallModel,
  closing: Step,
  closedAt: number,
): boolean {
  if (stopsOnFailure(closing) || closing.onFailure === 'noted') return true;
  // Its result is that of the script.
  const isLast = closing.place.file.path === file.path && closing.place.at.start >= lastStatement;
  if (closing.onFailure === undefined && isLast && !closing.isBackground) return true;
  const later = steps.slice(closedAt + 1);
  const fails = (step: Step) => step.kind === 'exit' && step.code !== 0;
  return later.some(
    (step, index) =>
      (step.kind === 'fetch' && (step.onSuccess === 'stops' || later.slice(index).some(fails))) ||
      (step.kind === 'inspect' && (step.onFailure === 'stops' || later.slice(index).some(fails))),
  );
}

/** Opens everything before slow steps: who may run the script again, as an agent by sudo, gets seconds in which nothing is refused. */
export function findWindow(before: readonly Step[]): Step | undefined {
  const isSlow = ({ kind }: Step) => kind === 'lookup' || kind === 'fetch';
  const lastSlow = before.findLastIndex(isSlow);
  return before.slice(0, Math.max(0, lastSlow)).find(opensAll);
}

function opensAll(step: Step): boolean {
  const isSure = !step.isConditional && !step.isSwitched && !step.isHandler;
  return isSure && step.kind === 'policy' && step.chain.isOutput && step.verdict === 'accept';
}
