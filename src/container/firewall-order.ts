import { isUnconditional, type Step } from './firewall-step.js';

/** Rules that nothing comes to, because a rule before them has refused everything. */
export function findDeadRules(
  steps: readonly Step[],
): readonly { readonly step: Step; readonly before: Step }[] {
  const closing = new Map<string, Step>();
  const found: { readonly step: Step; readonly before: Step }[] = [];
  for (const step of steps) {
    if (step.kind === 'flush') closing.clear();
    if (step.kind !== 'rule' || !step.chain.isOutput || step.first || step.isSwitched) continue;
    const key = `${step.chain.families.join()} ${step.chain.table} ${step.chain.name}`;
    const before = closing.get(key);
    if (step.rule.verdict === 'drop' && isUnconditional(step.rule) && !step.isConditional)
      closing.set(key, step);
    if (before && step.rule.verdict === 'accept') found.push({ step, before });
  }
  return found;
}

/** The step that takes away the rules of the container's own nat table by which Docker's name server works. */
export function findLostDns(steps: readonly Step[]): Step | undefined {
  if (steps.some(({ kind }) => kind === 'put-back')) return undefined;
  return steps.find(
    (step) =>
      step.kind === 'flush' &&
      step.isTable &&
      !step.isHandler &&
      /^(?:nat|nft inet \*)$/.test(step.chain.table) &&
      step.chain.families.includes(4) &&
      !step.isSwitched,
  );
}
