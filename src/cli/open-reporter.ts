import type { Metadata } from '../reporters/metadata.js';
import type { Reporter } from '../reporters/reporter.js';
import type { Format } from './flags.js';
import { type ColorChoice, chalkFor, type Io, widthOf } from './io.js';

/** What the report looks like. `toFile` says that it goes to a file, which is no terminal, whatever stdout is. */
export interface ReportStyle {
  readonly format: Format;
  readonly color: ColorChoice;
  readonly toFile: boolean;
}

/** The reporter of a format; the others are not loaded. */
export async function openReporter(style: ReportStyle, metadata: Metadata, io: Io): Promise<Reporter> {
  switch (style.format) {
    case 'text': {
      const { textReporter } = await import('../reporters/text.js');
      const color = style.toFile && style.color === 'auto' ? 'never' : style.color;
      const chalk = await chalkFor(io.stdout, color, io.env);
      return textReporter(metadata, { width: style.toFile ? 80 : widthOf(io.stdout), chalk });
    }
    case 'json':
      return (await import('../reporters/json.js')).jsonReporter(metadata);
    case 'sarif':
      return (await import('../reporters/sarif.js')).sarifReporter(metadata);
    case 'github':
      return (await import('../reporters/github.js')).githubReporter(metadata);
    case 'gitlab':
      return (await import('../reporters/gitlab.js')).gitlabReporter(metadata);
    case 'junit':
      return (await import('../reporters/junit.js')).junitReporter(metadata);
    case 'markdown':
      return (await import('../reporters/markdown.js')).markdownReporter(metadata);
  }
}
