import { createHash } from 'node:crypto';
import type * as Sarif from 'sarif';
import type { LintResult, RuleInfo } from '../core/lint.js';
import type { Confidence, Edit, Finding, Fix, Severity } from '../core/rule.js';
import { type Place, positionAt, textOf } from '../core/text.js';
import { stringify } from './json.js';
import type { Metadata } from './metadata.js';
import { ruleMarkdown, ruleText } from './rule-help.js';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  string
>;
const precisions = { high: 'high', medium: 'medium', low: 'low' } as const satisfies Record<
  Confidence,
  string
>;
// GitHub sorts security alerts by this number: below 4 low, below 7 medium, below 9 high.
const scores = { error: '8.0', warning: '5.0', info: '2.0' } as const satisfies Record<Severity, string>;

/** SARIF 2.1.0, for code scanning. Paths are relative to the project, named SRCROOT. */
export function reportSarif(result: LintResult, metadata: Metadata): string {
  const log: Sarif.Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [toRun(result, metadata)],
  };
  return stringify(log);
}

function toRun(result: LintResult, { version, rules }: Metadata): Sarif.Run {
  const fingerprint = fingerprinter();
  return {
    tool: {
      driver: {
        name: 'harden-devcontainer',
        version,
        semanticVersion: version,
        rules: rules.map(toDescriptor),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { description: { text: 'The project that was linted.' } } },
    invocations: [{ executionSuccessful: result.complete }],
    artifacts: result.files.map((path) => ({ location: toArtifact(path), sourceLanguage: 'jsonc' })),
    results: result.findings.map((finding) => toResult(finding, result, rules, fingerprint)),
  };
}

function toDescriptor(rule: RuleInfo): Sarif.ReportingDescriptor {
  const [reference] = rule.references;
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: ruleText(rule), markdown: ruleMarkdown(rule) },
    ...(reference ? { helpUri: reference } : {}),
    defaultConfiguration: { level: levels[rule.severity], enabled: rule.persona === 'default' },
    properties: {
      tags: ['security', 'devcontainer'],
      precision: precisions[rule.confidence],
      'security-severity': scores[rule.severity],
    },
  };
}

function toResult(
  finding: Finding,
  { sources }: LintResult,
  rules: readonly RuleInfo[],
  fingerprint: (finding: Finding) => string,
): Sarif.Result {
  const ruleIndex = rules.findIndex((rule) => rule.id === finding.ruleId);
  const related = (finding.related ?? []).map(({ place, message }, index) => ({
    id: index + 1,
    ...toLocation(place),
    message: { text: message },
  }));
  // SARIF has no fix that changes nothing.
  const fixes = finding.fixes.filter((fix) => fix.edits.length > 0);
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [toLocation(finding.place)],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(fixes.length > 0 ? { fixes: fixes.map((fix) => toFix(fix, sources)) } : {}),
    partialFingerprints: { 'findingHash/v1': fingerprint(finding) },
    properties: { confidence: finding.confidence, persona: finding.persona },
  };
}

function toFix(fix: Fix, sources: LintResult['sources']): Sarif.Fix {
  const paths = [...new Set(fix.edits.map((edit) => edit.file))];
  const consequence = fix.consequence ? ` (${fix.consequence})` : '';
  return {
    description: { text: `${fix.title} [${fix.safety}]${consequence}` },
    artifactChanges: paths.map((path) => ({
      artifactLocation: toArtifact(path),
      replacements: fix.edits
        .filter((edit) => edit.file === path)
        .map((edit) => ({
          deletedRegion: toEditRegion(edit, sources),
          insertedContent: { text: edit.text },
        })),
    })),
  };
}

function toEditRegion({ file, at }: Edit, sources: LintResult['sources']): Sarif.Region {
  const source = sources.get(file);
  if (source) return toRegion({ file: source, at });
  return { charOffset: at.start, charLength: at.end - at.start };
}

function toLocation(place: Place): Sarif.Location {
  return {
    physicalLocation: { artifactLocation: toArtifact(place.file.path), region: toRegion(place) },
  };
}

function toRegion({ file, at }: Place): Sarif.Region {
  const start = positionAt(file, at.start);
  const end = positionAt(file, at.end);
  return {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
    charOffset: at.start,
    charLength: at.end - at.start,
  };
}

function toArtifact(path: string): Sarif.ArtifactLocation {
  const segments = path.replace(/\p{Surrogate}/gu, '\ufffd').split('/');
  return { uri: segments.map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
}

/**
 * Stays the same when lines move: made of the rule, the file and the reported text without its spacing, and counted
 * where the same text is reported twice.
 */
function fingerprinter(): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ ruleId, place }) => {
    const key = JSON.stringify([ruleId, place.file.path, textOf(place).replace(/\s+/g, '')]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return createHash('sha256').update(`${key}#${count}`).digest('hex').slice(0, 32);
  };
}
