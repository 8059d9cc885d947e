import { describe, expect, it } from 'vitest';
import catalogue from '../../presets/risks.json' with { type: 'json' };
import { findHost, type HostRisk, riskOf } from '../../src/core/host-risk.js';

const risks = catalogue.risks as readonly HostRisk[];

describe('riskOf', () => {
  it.each([
    ['github.com', 'forge'],
    ['api.github.com', 'forge'],
    ['gist.github.com', 'gist'],
    ['notgithub.com', undefined],
    ['github.com.example', undefined],
    ['www.pastebin.com', 'paste site'],
    ['o1234.ingest.us.sentry.io', 'telemetry'],
    ['registry.npmjs.org', 'package registry'],
    ['pypi.org', undefined],
    ['upload.pypi.org', 'package upload'],
    ['raw.githubusercontent.com', undefined],
    ['copilot-telemetry.githubusercontent.com', 'telemetry'],
    ['telemetry.individual.githubcopilot.com', 'telemetry'],
    ['api.individual.githubcopilot.com', 'agent API'],
    ['dns.google', 'DNS over HTTPS'],
  ])('%s: %s', (host, kind) => {
    expect(riskOf(host, risks)?.kind).toBe(kind);
  });

  it.each([
    ['storage.googleapis.com', 'shared storage'],
    ['s3.amazonaws.com', 'shared storage'],
    ['s3.eu-west-1.amazonaws.com', 'shared storage'],
    ['sqs.eu-west-1.amazonaws.com', 'shared cloud API'],
    ['my-bucket.s3.eu-west-1.amazonaws.com', undefined],
    ['my-bucket.storage.googleapis.com', undefined],
    ['vscode.blob.core.windows.net', undefined],
    ['d111111abcdef8.cloudfront.net', undefined],
    ['me.github.io', undefined],
  ])('tells a name that all share from that of one tenant: %s is %s', (host, kind) => {
    expect(riskOf(host, risks)?.kind).toBe(kind);
  });

  it.each([
    ['.amazonaws.com', 'tenants', 'shared storage'],
    ['.eu-west-1.amazonaws.com', 'tenants', 'shared storage'],
    ['.s3.eu-west-1.amazonaws.com', 'tenants', 'shared storage'],
    ['.my-bucket.s3.eu-west-1.amazonaws.com', undefined, undefined],
    ['.googleapis.com', 'tenants', 'shared storage'],
    ['.github.io', 'tenants', 'shared hosting'],
    ['.me.github.io', undefined, undefined],
    ['.github.com', 'part', 'gist'],
    ['.anthropic.com', 'part', 'agent API'],
    ['.deep.sentry.io', 'host', 'telemetry'],
    ['.cursor.sh', 'host', 'agent API'],
    ['.debian.org', 'part', 'downloads'],
    ['.example.com', undefined, undefined],
  ])('knows what a wildcard takes in: %s, %s', (host, match, kind) => {
    const known = findHost(host, risks);
    expect([known?.match, known?.risk.kind]).toEqual([match, kind]);
  });

  it('finds every name of the catalogue under its own kind', () => {
    for (const risk of risks) {
      for (const name of risk.hosts) {
        const host = name.replaceAll('*', 'eu-west-1');
        expect(findHost(host.replace(/^\./, ''), risks)?.risk, name).toBe(risk);
      }
      for (const name of risk.tenants ?? [])
        expect(findHost(name.replaceAll('*', 'eu-west-1'), risks)?.risk, name).toBe(risk);
    }
  });

  it('knows nothing of a name that nobody would write', () => {
    expect(findHost(`${'a.'.repeat(50_000)}com`, risks)).toBeUndefined();
    expect(() => findHost(`.${'*.'.repeat(50_000)}amazonaws.com`, risks)).not.toThrow();
  });
});
