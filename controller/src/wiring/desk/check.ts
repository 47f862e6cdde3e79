import type { Finding } from '../../cli/finding.ts';
import { lint, type Checker, type Linted } from '../../cli/lint.ts';
import type { CheckProblem, PolicyCheckAnswer } from '../../dashboard/answers/policies.ts';
import { readManifests, type Manifest } from '../../reconcile/manifests.ts';

/** A text of manifests, read and held against what the API would say of it. */
export interface CheckedText extends PolicyCheckAnswer {
  readonly documents: readonly Manifest[];
  readonly linted: Linted;
}

/** Problems shown at most; who has more begins with these. */
const MAX_PROBLEMS = 100;

/** Checks a text in which every document must be of this kind, as `foghorn check` does. */
export function checkText(yaml: string, kind: 'MonitorPolicy' | 'LoadTest', checker: Checker): CheckedText {
  const linted = lint([{ kind: 'text', file: '', text: yaml }], checker);
  const read = readManifests(yaml);
  const documents = read.kind === 'read' ? read.documents : [];
  const lines = yaml.split('\n');
  const problems = linted.findings.map((finding) => problemOf(finding, lines));
  return {
    documents,
    linted,
    problems: [...problems, ...strangers(documents, kind), ...emptiness(read.kind === 'read' && documents.length === 0)]
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .slice(0, MAX_PROBLEMS),
    policies: documents.map(({ object }) => keyOf(object)),
  };
}

export function keyOf({ metadata }: Manifest['object']): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

function problemOf({ line, column, severity, field, message }: Finding, lines: readonly string[]): CheckProblem {
  const text = lines[line - 1] ?? '';
  return {
    severity,
    line,
    column: column ?? text.length - text.trimStart().length + 1,
    message,
    ...(field !== undefined && { path: field }),
  };
}

function strangers(documents: readonly Manifest[], kind: string): readonly CheckProblem[] {
  return documents
    .filter(({ object }) => object.kind !== kind)
    .map(({ object, lineOf }) => ({
      severity: 'error',
      line: lineOf('kind'),
      column: 1,
      path: 'kind',
      message: `only ${kind} can be written here, this is ${object.kind.slice(0, 100)}`,
    }));
}

function emptiness(isEmpty: boolean): readonly CheckProblem[] {
  return isEmpty ? [{ severity: 'error', line: 1, column: 1, message: 'there is nothing in it' }] : [];
}
