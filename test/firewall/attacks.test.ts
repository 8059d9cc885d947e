import { afterAll, beforeAll, describe } from 'vitest';
import { byOddDns } from './attacks/dns.js';
import { byNeighbourhood } from './attacks/local.js';
import { byRawPackets } from './attacks/raw.js';
import { attacks } from './attacks.js';
import { type Bare, startBare } from './bare.js';
import { forgesNoAnswers, isUnprivileged, reachesAllowedNames, refusesAttacks } from './checks.js';
import { type Lab, startLab } from './lab.js';
import { listedNames } from './listed.js';
import { removeRendered, render } from './project.js';
import { installAttacks, type Scene } from './target.js';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});

afterAll(() => {
  lab?.stop();
  removeRendered();
});

describe.each(['direct', 'embedded'] as const)('with the name server given as %s', (resolver) => {
  let target: Bare;
  let control: Bare;
  const scene: Scene = { internet: () => lab.internet, target: () => target, control: () => control };

  beforeAll(async () => {
    const rendered = render(...listedNames, '--mcp', 'tracker=18080');
    control = await startBare(lab, { resolver });
    target = await startBare(lab, { rendered, resolver });
    await target.ready();
    await installAttacks(target, control);
  });

  afterAll(() => {
    target?.stop();
    control?.stop();
  });

  isUnprivileged(() => target);
  reachesAllowedNames(scene, ['4', '6']);
  forgesNoAnswers(scene);
  refusesAttacks(scene, attacks);
  refusesAttacks(scene, byOddDns);
  refusesAttacks(scene, byNeighbourhood);
  // What these packets meet does not depend on the resolver, whose rules make the kernel put fragments together even without
  // the firewall.
  if (resolver === 'direct')
    refusesAttacks(scene, byRawPackets, (where, script) => (where as Bare).attemptRaw(script));
});
