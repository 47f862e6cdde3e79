import { parseArgs } from 'node:util';
import { createAdmission } from '../apiserver/admission.ts';
import { loadKinds } from '../apiserver/kinds.ts';
import { validators } from '../reconcile/validators.ts';
import { EXIT_ERRORS, EXIT_OK, EXIT_WARNINGS, type CommandContext } from './command.ts';
import type { Finding } from './finding.ts';
import { lint, type Checker } from './lint.ts';
import { findingFormats, printFindings, type FindingFormat } from './print-findings.ts';
import { readSources } from './sources.ts';

const usage = `Usage: npm run foghorn -- check [--strict] [--output text|json|github] FILE|FOLDER|- ...

Says what the controller would say of these manifests, without one: YAML, schema, unknown fields, expressions, what is
declared twice; and warns of what is allowed but most likely not meant.

  npm run foghorn -- check policies                      the manifests of a folder (not of those below)
  npm run foghorn -- check --strict --output github policies/*.yaml      in CI: warnings fail, and stand in the diff
  helm template . | npm run -s foghorn -- check -                        what another tool writes

A finding is FILE:LINE:COLUMN: error|warning: FIELD: what is wrong.
Exit code: 0 when all is well or there are only warnings, 1 for warnings with --strict, 2 for errors.
`;

/** `foghorn check`: lints manifests. */
export async function check(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      strict: { type: 'boolean', default: false },
      output: { type: 'string', default: 'text' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const format = findingFormats.find((known) => known === values.output);
  if (values.help || positionals.length === 0 || format === undefined) {
    (values.help ? context.out : context.err)(usage);
    return values.help ? EXIT_OK : EXIT_ERRORS;
  }
  const sources = await readSources(positionals, context.readStdin);
  const { findings } = lint(sources, await createChecker(context.crdDir));
  report(findings, { format, files: sources.length }, context);
  if (findings.some(({ severity }) => severity === 'error')) return EXIT_ERRORS;
  return values.strict && findings.length > 0 ? EXIT_WARNINGS : EXIT_OK;
}

/** The admission of the embedded API, by the same schemas and rules. Throws InvalidConfig for a broken CRD. */
export async function createChecker(crdDir: string): Promise<Checker> {
  const kinds = await loadKinds(crdDir);
  return { kinds, admission: createAdmission({ kinds, validators }) };
}

function report(
  findings: readonly Finding[],
  { format, files }: { readonly format: FindingFormat; readonly files: number },
  { out, err }: CommandContext,
): void {
  out(printFindings(findings, format));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts = [count(files, 'file'), count(errors, 'error'), count(findings.length - errors, 'warning')];
  err(`${counts.join(', ')}\n`);
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
