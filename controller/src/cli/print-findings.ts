import type { Finding } from './finding.ts';

export const findingFormats = ['text', 'json', 'github'] as const;
export type FindingFormat = (typeof findingFormats)[number];

/** Findings as people, programs or GitHub read them; files and messages are outside text. */
export function printFindings(findings: readonly Finding[], format: FindingFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ findings }, null, 2)}\n`;
    case 'github':
      return findings.map(githubLine).join('');
    case 'text':
      return findings.map(textLines).join('');
    default:
      return format satisfies never;
  }
}

/** `web.yaml:12:9: error: spec.rules[0].expr: unknown variable: foo`, and the expression with a caret. */
function textLines({ file, line, column, severity, field, message, excerpt }: Finding): string {
  const place = [file, line, ...(column === undefined ? [] : [column])].join(':');
  const about = field === undefined ? '' : `${field}: `;
  const lines = [`${place}: ${severity}: ${about}${message}`, ...(excerpt ?? []).map((text) => `    ${text}`)];
  return lines.map((text) => `${visible(text)}\n`).join('');
}

/**
 * A workflow command, one line:
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
 */
function githubLine({ file, line, column, severity, field, message, excerpt }: Finding): string {
  const about = field === undefined ? '' : `${field}: `;
  const text = [`${about}${message}`, ...(excerpt ?? [])].map(visible).join('\n');
  const properties = [
    `file=${escapeProperty(visible(file))}`,
    `line=${line}`,
    ...(column === undefined ? [] : [`col=${column}`]),
  ];
  return `::${severity} ${properties.join(',')}::${escapeData(text)}\n`;
}

/** A terminal must not take orders from a file's name or content. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
