import { describe, expect, it } from 'vitest';
import { InputError } from './input-error.ts';
import { parseCommand, type LoadOptions } from './options.ts';

const URL_ARGS = ['--url', 'http://webapp:8000'];

function load(args: readonly string[], env: Record<string, string> = {}): LoadOptions {
  const command = parseCommand([...URL_ARGS, ...args], env);
  if (command.kind !== 'load') throw new Error('expected a load');
  return command;
}

/** The first paths of an endpoint with a template. */
function draw(seed: string): unknown[] {
  const { requests } = load(['--endpoint', '/{{randomInt 1 1000000}}', '--seed', seed]);
  return [1, 2, 3].map((sequence) => requests[0]?.(sequence).path);
}

describe('parseCommand', () => {
  it('runs level low for a minute over the five endpoints by default', () => {
    const options = load([]);
    expect(options).toMatchObject({
      title: 'low',
      concurrency: 2,
      timeoutMs: 5_000,
      isKeptAlive: true,
      isVerbose: false,
      isJson: false,
    });
    expect(options.plan).toMatchObject({ durationMs: 60_000, totalRequests: 300 });
    expect(options.endpoints.map(({ path }) => path)).toEqual([
      '/',
      '/health',
      '/cpu-test',
      '/memory-test',
      '/db-test',
    ]);
  });

  it('runs until stopped with the environment of the Compose service', () => {
    const command = parseCommand([], { TARGET_URL: 'http://webapp:8000', STRESS_LEVEL: 'Extreme' });
    expect(command).toMatchObject({ title: 'extreme', concurrency: 20, plan: { durationMs: Infinity } });
  });

  it.each<[string, readonly string[], object]>([
    ['an option over the environment', ['--level', 'high'], { title: 'high', plan: { durationMs: 60_000 } }],
    [
      'a duration with the level of the environment',
      ['--duration', '2s'],
      { title: 'medium', plan: { totalRequests: 40 } },
    ],
  ])('takes %s', (_name, args, expected) => {
    expect(load(args, { STRESS_LEVEL: 'medium', TARGET_URL: 'http://other' })).toMatchObject(expected);
  });

  it('takes a rate with as many connections as a second needs', () => {
    expect(load(['--rate', '200', '--duration', '10s'])).toMatchObject({
      concurrency: 200,
      plan: { totalRequests: 2_000 },
    });
  });

  it('takes stages that ramp or hold', () => {
    const { plan, concurrency } = load(['--stage', '30s:50', '--stage', '1m:20:constant', '--concurrency', '7']);
    expect(plan).toMatchObject({ durationMs: 90_000, totalRequests: 750 + 1_200 });
    expect(concurrency).toBe(7);
  });

  it.each(['forever', '0'])('runs until stopped for --duration %s', (duration) => {
    expect(load(['--rate', '1', '--duration', duration]).plan.durationMs).toBe(Infinity);
  });

  it('takes endpoints, headers, timeout, seed and the form of the output', () => {
    const args = ['--endpoint', 'POST /a@2', '--endpoint', '/b', '--header', 'X-Token: a: b ', '--timeout', '250ms'];
    const options = load([...args, '--seed', '42', '--json', '--verbose']);
    expect(options.requests[1]?.(1)).toEqual({ method: 'GET', path: '/b', headers: { 'x-token': 'a: b' }, body: null });
    expect(options).toMatchObject({
      endpoints: [
        { method: 'POST', path: '/a', weight: 2 },
        { method: 'GET', path: '/b', weight: 1 },
      ],
      timeoutMs: 250,
      seed: 42,
      isJson: true,
      isVerbose: true,
    });
  });

  it('takes a warm-up and the numbers of its requests', () => {
    expect(load(['--warm-up', '2s', '--seq-first', '3', '--seq-step', '4'])).toMatchObject({
      warmUpMs: 2_000,
      numbering: { first: 3, step: 4 },
    });
    expect(load([])).toMatchObject({ warmUpMs: 0, numbering: { first: 1, step: 1 } });
  });

  it('repeats what is random for the same seed', () => {
    expect(draw('7')).toEqual(draw('7'));
    expect(draw('7')).not.toEqual(draw('8'));
  });

  it('shows its help whatever else is said', () => {
    expect(parseCommand(['--help'], {})).toEqual({ kind: 'help' });
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown option', ['--levle', 'low'], "Unknown option '--levle'"],
    ['a word too many', ['low'], "Unexpected argument 'low'"],
    ['an option without its value', ['--level'], "Option '--level <value>' argument missing"],
    ['an unknown level', ['--level', 'max'], '--level "max" is not known: choose low, medium, high, extreme'],
    ['two kinds of load', ['--level', 'low', '--rate', '5'], 'give one of --level, --rate and --stage'],
    ['a duration beside stages', ['--stage', '1s:5', '--duration', '1s'], '--duration does not go with --stage'],
    ['a stage without a rate', ['--stage', '30s'], '--stage "30s" is not a stage'],
    ['a stage of an unknown shape', ['--stage', '30s:5:steep'], 'is not a stage'],
    ['a stage with a bad duration', ['--stage', '30:5'], '--stage "30" is not a duration'],
    ['a negative rate', ['--rate=-5'], '"-5" is not a rate'],
    ['a rate of nothing', ['--rate', '0'], 'asks for no request'],
    [
      'a rate beyond all bounds',
      ['--rate', '1000000000'],
      'a rate is from 0 to 100000 requests a second, not 1000000000',
    ],
    ['a rate in another notation', ['--rate', '1e9'], '"1e9" is not a rate'],
    ['a stage with a negative rate', ['--stage', '1s:-5'], '"-5" is not a rate'],
    ['a run of more than a day', ['--rate', '1', '--duration', '25h'], 'a plan lasts at most 24h'],
    ['stages of more than a day', ['--stage', '13h:1', '--stage', '12h:1'], 'a plan lasts at most 24h'],
    ['a stage of no time', ['--stage', '0s:5'], 'a stage lasts longer than 0'],
    ['a warm-up that is too long', ['--warm-up', '1h'], '--warm-up "1h" is out of bounds'],
    ['steps of nothing', ['--seq-step', '0'], '--seq-step "0" is not a whole number'],
    ['an endless rate of nothing', ['--rate', '0', '--duration', 'forever'], 'single constant rate'],
    ['a duration without a unit', ['--duration', '30'], '--duration "30" is not a duration'],
    ['no connection at all', ['--concurrency', '0'], 'not a whole number from 1 to 10000'],
    ['a timeout that is too long', ['--timeout', '2m'], '--timeout "2m" is out of bounds'],
    ['a header that is not one', ['--header', 'token'], '--header "token" is not a header'],
    ['a header that forges another', ['--header', 'a: b\r\nc: d'], 'is not a header'],
    ['a header given twice', ['--header', 'a: b', '--header', 'A: c'], '--header A is given twice'],
    ['a header with a template that is none', ['--header', 'a: {{x}}'], 'header a, column 1: {{x}} is not known'],
    ['options of TLS without TLS', ['--insecure'], 'go with an https address'],
    [
      'a header of the connection',
      ['--header', 'Connection: close'],
      'belongs to the connection and cannot be set, but for --no-keep-alive',
    ],
    ['an endpoint given twice', ['--endpoint', '/a', '--endpoint', 'GET /a@3'], 'is given twice'],
    ['a value with a dash in front', ['--rate', '-5'], "--rate' argument is ambiguous. To specify"],
    ['a seed that is not a number', ['--seed', 'abc'], '--seed "abc" is not a whole number'],
    ['an address without a scheme', ['--url', 'webapp:8000'], '--url "webapp:8000" is not an address'],
    ['an address of another kind', ['--url', 'ftp://webapp'], 'is not an address'],
    ['a password in the address', ['--url', 'http://me:secret@webapp'], 'a password goes into --basic-auth-env'],
    ['a query in the address', ['--url', 'http://webapp/?a=1'], 'a query into --endpoint'],
  ])('refuses %s in one line', (_name, args, message) => {
    const attempt = (): unknown => parseCommand([...URL_ARGS, ...args], {});
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/\n/);
  });

  it('asks for a target when none is given', () => {
    expect(() => parseCommand([], { TARGET_URL: '' })).toThrow(
      'no target: give --url http://host:port or set TARGET_URL',
    );
  });

  it('names the variable of a bad environment', () => {
    expect(() => parseCommand([], { TARGET_URL: 'webapp' })).toThrow('TARGET_URL "webapp" is not an address');
    expect(() => load([], { STRESS_LEVEL: 'insane' })).toThrow('STRESS_LEVEL "insane" is not known');
  });
});
