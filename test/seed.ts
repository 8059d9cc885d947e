import fc from 'fast-check';

/**
 * The same examples in each run, so that what fails is what was changed. `HARDEN_SEED=random` looks for new ones, which is
 * for every day but not for judging a change; a number in its place repeats what such a run found.
 */
const { HARDEN_SEED: given } = process.env;
if (given !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given ?? 20261121) });
