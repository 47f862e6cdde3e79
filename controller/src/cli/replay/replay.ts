import { parseArgs } from 'node:util';
import { matchTargets } from '../../collect/select.ts';
import { FoghornError } from '../../errors.ts';
import { parseDuration } from '../../model/duration.ts';
import type { Policy } from '../../model/policy.ts';
import { createChecker } from '../check.ts';
import { EXIT_ERRORS, EXIT_OK, type CommandContext } from '../command.ts';
import { lint } from '../lint.ts';
import { printFindings } from '../print-findings.ts';
import { readSources } from '../sources.ts';
import { readFromDatabase } from './from-database.ts';
import { readFromFile } from './from-file.ts';
import { readFromUrl, type Dashboard } from './from-url.ts';
import { unheldLabelKeys } from '../../replay/notes.ts';
import { printReplay } from './print-replay.ts';
import type { RecordedTarget } from '../../replay/recorded-target.ts';
import { replayPolicy } from '../../replay/replay-policy.ts';

const usage = `Usage: npm run foghorn -- replay --policy FILE [--history 24h] [--data DIR | --url http://localhost:8001]
                                  [--target NAME] [--output text|json]

Shows which alerts and mails a policy would have caused on what was recorded: of a data folder (also while a controller
runs on it), or of a running controller (where it wants a sign-in: with a token in FOGHORN_TOKEN); by default of the Postgres of DATABASE_URL, else of the folder DATA_DIR. What was
not recorded is unknown, and said so.

  npm run foghorn -- replay --policy p.yaml --history 24h                what the last day would have been like
  npm run foghorn -- replay --policy p.yaml --target webapp              one container
  npm run -s foghorn -- replay --policy p.yaml --output json             in CI: fail when more alerts than you want

Exit code: 0 when it could replay, whatever would have fired; 2 for errors.
`;

const outputs = ['text', 'json'] as const;
const DEFAULT_DATA_DIR = './data';

interface Request {
  readonly policyFile: string;
  readonly historyMs: number;
  readonly source: Source;
  /** Name or id. */
  readonly target: string | undefined;
  readonly output: (typeof outputs)[number];
}

/** Where the past is read. */
type Source =
  | { readonly kind: 'file'; readonly dataDir: string }
  | { readonly kind: 'database'; readonly url: string }
  | ({ readonly kind: 'controller' } & Dashboard);

/** `foghorn replay`: a policy on the recorded past. */
export async function replay(args: readonly string[], context: CommandContext): Promise<number> {
  const request = readRequest(args, context.env);
  if (request === 'help') {
    context.out(usage);
    return EXIT_OK;
  }
  const sources = await readSources([request.policyFile], context.readStdin);
  const { findings, policies } = lint(sources, await createChecker(context.crdDir));
  context.err(printFindings(findings, 'text'));
  if (findings.some(({ severity }) => severity === 'error')) return EXIT_ERRORS;
  if (policies.length === 0) throw new FoghornError('BadRequest', `${request.policyFile} declares no MonitorPolicy`);
  const toMs = context.clock.now();
  const fromMs = toMs - request.historyMs;
  const recorded = await readHistory(request, fromMs, toMs);
  const replays = policies.map((policy) =>
    replayPolicy({ policy, recorded: selected(policy, recorded, request.target), fromMs, toMs }),
  );
  context.out(
    request.output === 'json' ? `${JSON.stringify({ replays }, null, 2)}\n` : replays.map(printReplay).join('\n'),
  );
  return EXIT_OK;
}

/** Throws BadRequest for what makes no sense. */
function readRequest(args: readonly string[], env: CommandContext['env']): Request | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      policy: { type: 'string' },
      history: { type: 'string', default: '24h' },
      data: { type: 'string' },
      url: { type: 'string' },
      target: { type: 'string' },
      output: { type: 'string', default: 'text' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const historyMs = parseDuration(values.history) ?? 0;
  const output = outputs.find((known) => known === values.output);
  if (values.policy === undefined) throw new FoghornError('BadRequest', `--policy is missing\n${usage}`);
  if (historyMs <= 0) throw new FoghornError('BadRequest', '--history takes a duration such as 24h or 90m');
  if (output === undefined) throw new FoghornError('BadRequest', '--output takes text or json');
  return { policyFile: values.policy, historyMs, source: readSource(values, env), target: values.target, output };
}

function readSource(
  { url, data }: { readonly url?: string; readonly data?: string },
  env: CommandContext['env'],
): Source {
  if (url !== undefined) {
    if (!URL.canParse(url))
      throw new FoghornError('BadRequest', '--url takes an address such as http://localhost:8001');
    return { kind: 'controller', url, token: env['FOGHORN_TOKEN'] || undefined };
  }
  const databaseUrl = env['DATABASE_URL'] ?? '';
  if (data !== undefined || databaseUrl === '') {
    return { kind: 'file', dataDir: data ?? env['DATA_DIR'] ?? DEFAULT_DATA_DIR };
  }
  if (!URL.canParse(databaseUrl)) {
    throw new FoghornError('BadRequest', 'DATABASE_URL is not postgres://user:password@host/database');
  }
  return { kind: 'database', url: databaseUrl };
}

async function readHistory({ source }: Request, fromMs: number, toMs: number): Promise<readonly RecordedTarget[]> {
  const recorded = await readSourceHistory(source, fromMs, toMs);
  return recorded.filter(({ samples }) => samples.length > 0);
}

function readSourceHistory(source: Source, fromMs: number, toMs: number): Promise<readonly RecordedTarget[]> {
  switch (source.kind) {
    case 'database':
      return readFromDatabase(source.url, fromMs, toMs);
    case 'controller':
      return readFromUrl(source, fromMs, toMs);
    default:
      return readFromFile(source.dataDir, fromMs, toMs);
  }
}

/** Those that the policy selects, as far as that can be told; or the one that was asked for. */
function selected(
  policy: Policy,
  recorded: readonly RecordedTarget[],
  wanted: string | undefined,
): readonly RecordedTarget[] {
  if (wanted !== undefined) return recorded.filter(({ target }) => target.name === wanted || target.id === wanted);
  const unheld = new Set(unheldLabelKeys(policy));
  const selector = {
    matchLabels: Object.fromEntries(Object.entries(policy.selector.matchLabels).filter(([key]) => !unheld.has(key))),
    matchExpressions: policy.selector.matchExpressions.filter(({ key }) => !unheld.has(key)),
  };
  const matched = new Set(
    matchTargets(
      { ...policy, selector, expect: [] },
      recorded.map(({ target }) => target),
      '',
    ).map(({ id }) => id),
  );
  return recorded.filter(({ target }) => matched.has(target.id));
}
