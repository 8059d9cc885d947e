import type * as Sarif from 'sarif';
import type { LintResult, ReportedFinding, RuleInfo } from '../core/lint.js';
import { printable } from '../core/printable.js';
import type { Confidence, Edit, Fix, Severity } from '../core/rule.js';
import { type Place, positionAt } from '../core/text.js';
import { newListWriter, stringify } from './json-writer.js';
import { languageOf } from './language.js';
import type { Metadata } from './metadata.js';
import type { Reporter } from './reporter.js';
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
export function sarifReporter({ version, rules }: Metadata): Reporter {
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const files: string[] = [];
  let complete = true;
  const results = newListWriter(openRun(version, rules), 0);
  return {
    add(result) {
      complete &&= result.complete;
      files.push(...result.files);
      const toItems = (findings: readonly ReportedFinding[], isExample = false) =>
        findings.map((finding) => toResult(finding, result, indexes.get(finding.ruleId), isExample));
      return results.add([
        ...toItems(result.findings),
        ...toItems(result.examples, true),
        ...toItems(result.suppressed),
      ]);
    },
    end() {
      const rest: Partial<Sarif.Run> = {
        invocations: [{ executionSuccessful: complete }],
        artifacts: files.map((path) => ({ location: toArtifact(path), sourceLanguage: languageOf(path) })),
      };
      return `${results.end()},${stringify(rest).slice(1)}]}\n`;
    },
  };
}

/** The log up to the bracket in which its only run's results stand. */
function openRun(version: string, rules: readonly RuleInfo[]): string {
  const run: Omit<Sarif.Run, 'results'> = {
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
  };
  const $schema =
    'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
  return `${stringify({ $schema, version: '2.1.0' }).slice(0, -2)},\n"runs": [${stringify(run).slice(0, -2)},\n"results": [`;
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
  finding: ReportedFinding,
  { sources }: LintResult,
  ruleIndex: number | undefined,
  isExample: boolean,
): Sarif.Result {
  const related = (finding.related ?? []).map(({ place, message }, index) => ({
    id: index + 1,
    ...toLocation(place),
    message: toMessage(message),
  }));
  // SARIF has no fix that changes nothing.
  const fixes = finding.fixes.filter((fix) => fix.edits.length > 0);
  return {
    ruleId: finding.ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[finding.severity],
    message: toMessage(finding.message),
    locations: [toLocation(finding.place)],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(fixes.length > 0 ? { fixes: fixes.map((fix) => toFix(fix, sources)) } : {}),
    partialFingerprints: { 'findingHash/v1': finding.fingerprint },
    suppressions: toSuppressions(finding, isExample),
    properties: { confidence: finding.confidence, persona: finding.persona, scope: finding.scope },
  };
}

/** An empty list says that the finding is not suppressed; viewers take a missing one for "not known". */
function toSuppressions({ suppression }: ReportedFinding, isExample: boolean): Sarif.Suppression[] {
  if (suppression) {
    const { kind, reason, place } = suppression;
    return [
      {
        kind: kind === 'comment' ? 'inSource' : 'external',
        status: 'accepted',
        justification: printable(reason),
        ...(place ? { location: toLocation(place) } : {}),
      },
    ];
  }
  if (!isExample) return [];
  const justification = 'in a folder of examples, tests or documentation';
  return [{ kind: 'external', status: 'accepted', justification }];
}

/** Viewers make a link of `[text](address)` in a message; nothing that was scanned may give them one. */
function toMessage(text: string): Sarif.Message {
  const shown = printable(text);
  return { text: shown.includes('](') ? shown.replace(/[[\]\\]/g, '\\$&') : shown };
}

function toFix(fix: Fix, sources: LintResult['sources']): Sarif.Fix {
  const paths = [...new Set(fix.edits.map((edit) => edit.file))];
  const consequence = fix.consequence ? ` (${fix.consequence})` : '';
  return {
    description: toMessage(`${fix.title} [${fix.safety}]${consequence}`),
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
