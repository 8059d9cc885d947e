import type { ExitCode } from '../core/errors.js';
import type { Given } from './arguments.js';
import { egressFormats, engineNames, failLevels, formats, personas, scopeChoices } from './flags.js';
import type { InitCommandOptions } from './init-flags.js';
import type { Io } from './io.js';

/** The commands, each loaded when it is run. */
export const runners: Readonly<Record<string, (given: Given, io: Io) => Promise<ExitCode>>> = {
  async init(given, io) {
    const { runInit } = await import('./commands/init.js');
    return runInit(initOptions(given), io);
  },

  async lint(given, io) {
    const { runLint } = await import('./commands/lint.js');
    const options = {
      paths: given.positionals,
      format: given.choice('format', formats),
      output: given.text('output'),
      failOn: given.choice('fail-on', failLevels),
      persona: given.choice('persona', personas),
      rules: given.list('rule'),
      skipRules: given.list('skip-rule'),
      config: given.text('config'),
      baseline: given.text('baseline'),
      updateBaseline: given.on('update-baseline'),
      suppressions: !given.on('no-suppressions'),
      allScopes: given.choice('scope', scopeChoices) === 'all',
      allowPartial: given.on('allow-partial'),
      stdin: given.on('stdin'),
      stdinFilename: given.text('stdin-filename'),
      color: given.color,
    };
    return runLint(options, io);
  },

  async fix(given, io) {
    const { runFix } = await import('./commands/fix.js');
    const options = {
      paths: given.positionals,
      dryRun: given.on('dry-run'),
      safe: given.on('safe'),
      all: given.on('all'),
      rules: given.list('rule'),
      persona: given.choice('persona', personas),
      online: given.on('online'),
      minAge: given.text('min-age'),
      color: given.color,
    };
    return runFix(options, io);
  },

  async egress(given, io) {
    const { runEgress } = await import('./commands/egress.js');
    const options = {
      dir: given.positionals[0] ?? '.',
      engine: given.text('engine') === undefined ? undefined : given.choice('engine', engineNames),
      container: given.text('container'),
      format: given.choice('format', egressFormats),
      since: given.text('since'),
      all: given.on('all'),
      allow: given.list('allow'),
      reason: given.text('reason'),
      yes: given.on('yes'),
      dryRun: given.on('dry-run'),
      force: given.on('force'),
      color: given.color,
    };
    return runEgress(options, io);
  },

  async doctor(given, io) {
    const { runDoctor } = await import('./commands/doctor.js');
    const format = given.choice('format', egressFormats);
    return runDoctor({ settings: given.list('settings'), format, color: given.color }, io);
  },

  async mcp(given, io) {
    const [{ runMcp }, { readMcpArguments }] = await Promise.all([
      import('./commands/mcp.js'),
      import('./mcp-arguments.js'),
    ]);
    return runMcp(readMcpArguments(given), io);
  },

  async audit(given, io) {
    const { runAudit } = await import('./commands/audit.js');
    const options = {
      dir: given.positionals[0] ?? '.',
      engine: given.text('engine') === undefined ? undefined : given.choice('engine', engineNames),
      container: given.text('container'),
      format: given.choice('format', egressFormats),
      since: given.text('since'),
      agent: given.text('agent'),
      blocked: given.on('blocked'),
      all: given.on('all'),
      verify: given.on('verify'),
      rotate: given.text('rotate'),
      color: given.color,
    };
    return runAudit(options, io);
  },

  async approve(given, io) {
    const { runApprove } = await import('./commands/approve.js');
    const options = {
      dir: given.positionals[0] ?? '.',
      engine: given.text('engine') === undefined ? undefined : given.choice('engine', engineNames),
      container: given.text('container'),
      requests: given.list('request'),
      color: given.color,
    };
    return runApprove(options, io);
  },

  async explain(given, io) {
    const { runExplain } = await import('./commands/explain.js');
    return runExplain({ rule: given.positionals[0], color: given.color }, io);
  },
};

/** What `init` is told on the command line. */
export function initOptions(given: Given): InitCommandOptions {
  return {
    dir: given.positionals[0] ?? '.',
    yes: given.on('yes'),
    stack: given.list('stack'),
    agent: given.list('agent'),
    allow: given.list('allow'),
    without: given.list('without'),
    mcp: given.list('mcp'),
    forge: given.list('forge'),
    localModel: given.list('local-model'),
    gateway: given.text('gateway'),
    pin: given.on('pin'),
    online: given.on('online'),
    importMcp: given.on('import-mcp'),
    importMcpUser: given.on('import-mcp-user'),
    protect: given.list('protect'),
    ca: given.text('ca'),
    name: given.text('name'),
    shape: given.text('shape'),
    publish: given.list('publish'),
    observe: given.on('observe'),
    enforce: given.on('enforce'),
    policy: given.text('policy'),
    target: given.list('target'),
    acceptLoss: given.list('accept-loss'),
    adopt: given.on('adopt'),
    from: given.text('from'),
    dryRun: given.on('dry-run'),
    check: given.on('check'),
    force: given.on('force'),
    color: given.color,
  };
}
