import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPolicy } from '../model/builders.ts';
import type { RuleSpec } from '../model/policy.ts';
import { checkRule, compilePolicy, createRuleChecker } from './compile.ts';
import { MAX_EXPRESSION_CHARS } from './environment.ts';

const fragments = [
  'cpu up ( ) [ ] { } " \\ . , && || ! - ? : == > in 1 0x 1e999 // {{ }} probes .http .up restarted true'.split(' '),
  ['"cpu"', 'avgOver("cpu", "5m")', '.matches("(a*)*b")', '.all(x,', "'", '\n', 'container.name', 'container.labels'],
].flat();

const probes = [{ name: 'http' }, { name: 'my-db' }];

function check(expr: string): string {
  return checkRule({ expr, actions: [] }, probes)
    .map(({ message }) => message)
    .join('\n');
}

describe('an expression that rules may have', () => {
  it.each([
    ['compares a double with an int', 'cpu > 80'],
    ['compares an int with a double', '80 < cpu && restarts >= 2.5'],
    ['compares for equality across number types', 'cpu == 80 || restarts != 3.0'],
    ['compares a window with an int', 'increaseOver("restarts", "10m") >= 3'],
    ['compares a window with a double', 'increaseOver("restarts", "10m") >= 3.0'],
    ['asks a probe', 'probes.http.status >= 500 || !probes.http.up'],
    ['asks a probe whose name is no identifier', '!probes["my-db"].up && probes["my-db"].value > 3'],
    ['asks for a field of a probe', 'has(probes.http.status) && probes.http.error.contains("refused")'],
    ['asks a label', 'container.labels["app"] == "web" || "team" in container.labels'],
    ['searches the labels', 'container.labels.exists(k, k.startsWith("com.") && container.labels[k] != "")'],
    ['matches a pattern', 'container.name.matches("^web-[0-9]+$")'],
    ['asks the load test', 'loadtest.running && loadtest.rate > 10'],
    ['lists states', 'state in ["exited", "dead"] && exitCode != 0'],
    ['uses all change marks', 'restarted || crashed || oomKilled || deployed || configured'],
    ['averages over time', 'avgOver("cpu", "1h30m") > maxOver("cpu", "5m") - minOver("memory", "90s")'],
    ['spreads over lines with a comment', 'up // running\n && cpu > 1'],
  ])('%s: %s', (_name, expr) => {
    expect(check(expr)).toBe('');
  });
});

describe('an expression that is refused, with the place', () => {
  it.each([
    ['cpu >', 'line 1, column 6: Unexpected token: EOF'],
    ['', 'line 1, column 1: Unexpected token: EOF'],
    ['cpux > 80', 'line 1, column 1: Unknown variable: cpux'],
    ['up &&\n  cpux > 80', 'line 2, column 3: Unknown variable: cpux'],
    ['cpu', 'a rule must give a bool, this gives double'],
    ['cpu > "80"', 'no such overload: double > string'],
    ['probes.htp.up', 'column 8: No such key: htp'],
    ['probes.http.stat == 200', 'column 13: No such key: stat'],
    ['has(probes.http.stat)', 'column 5: No such key: stat'],
    ['cpu > 80 && avgOver(cpu, "5m") > 3.0', 'column 21: avgOver takes a metric in quotes'],
    ['avgOver("cpus", "5m") > 3.0', 'column 9: avgOver takes a metric in quotes'],
    ['avgOver("cpu", "5 m") > 3.0', 'column 16: avgOver takes a duration in quotes'],
    ['avgOver("cpu", "25h") > 3.0', 'at most 24h'],
    ['avgOver("cpu") > 3.0', 'no matching overload'],
    ['container.name.matches(container.image)', 'column 24: the pattern of matches must be a string literal'],
    ['container.name.matches("(a")', 'column 24: bad pattern'],
    ['container.name.matches("(a)\\\\1")', 'column 24: bad pattern'],
    ['container.name.matches("(a{50}){50}")', 'column 24: a pattern may have 256 characters'],
    ['container.name.split("") == ["a"]', 'unknown method "split"'],
    ['cel.bind(x, cpu, x > 1.0)', 'unknown method "bind"'],
    ['math.greatest(1, 2) > 1', 'unknown method "greatest"'],
    ['now() > 1', 'unknown function "now"'],
    ['[1].all(x, [2].all(y, x < y))', 'column 12: all, exists, exists_one and filter cannot stand in one another'],
    [`${'('.repeat(1000)}up`, 'Exceeded maxDepth'],
    [`up${' && up'.repeat(300)}`, 'Exceeded maxAstNodes'],
    [`state in [${'"a",'.repeat(200)}"b"]`, 'Exceeded maxListElements'],
    [' '.repeat(MAX_EXPRESSION_CHARS + 1), `an expression may have ${MAX_EXPRESSION_CHARS} characters`],
  ])('%.40s', (expr, message) => {
    expect(check(expr)).toContain(message);
  });

  it('shows the line and a caret under the place', () => {
    expect(check('up &&\n  cpux > 80')).toBe('line 2, column 3: Unknown variable: cpux\n    cpux > 80\n    ^');
  });

  it('takes any text at all without throwing, in bounded time', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.array(fc.constantFrom(...fragments), { maxLength: 80 }).map((parts) => parts.join(' ')),
    );
    const checkTexts = createRuleChecker(probes);
    fc.assert(
      fc.property(text, text, (expr, message) => {
        for (const fault of checkTexts({ expr, message, actions: [message] })) {
          expect(fault.message).toMatch(/^line \d+, column \d+: /);
        }
      }),
      { numRuns: 2000, interruptAfterTimeLimit: 8000, markInterruptAsFailure: true },
    );
  });
});

describe('texts of a rule', () => {
  it('names the field and the place in the whole text', () => {
    const faults = checkRule(
      { expr: 'up', message: 'ok {{ cpu }} and {{ cpuu }}', actions: ['fine', '{{ probes', '{{ container.labels }}'] },
      probes,
    );
    expect(faults.map(({ field, message }) => `${field}: ${message.split('\n')[0]}`)).toEqual([
      'message: line 1, column 21: Unknown variable: cpuu',
      'actions[1]: line 1, column 1: "{{" without "}}"',
      'actions[2]: line 1, column 3: a text can hold a string, number or bool, not map<string, string>',
    ]);
  });

  it('knows braces inside a string literal from the end of an expression', () => {
    expect(checkRule({ expr: 'up', message: `{{ '}}' + "\\"}}" }}`, actions: [] }, [])).toEqual([]);
  });
});

function rule(overrides: Partial<RuleSpec>): RuleSpec {
  return {
    name: 'cpu',
    severity: 'warning',
    expr: 'cpu > 60',
    forMs: 0,
    keepFiringForMs: 0,
    actions: [],
    ...overrides,
  };
}

describe('a policy', () => {
  it('makes levels of one name one rule, highest severity first', () => {
    const policy = compilePolicy(
      buildPolicy({ rules: [rule({}), rule({ name: 'down' }), rule({ severity: 'critical', expr: 'cpu > 80' })] }),
    );
    expect(policy.rules.map(({ name, levels }) => [name, ...levels.map(({ severity }) => severity)])).toEqual([
      ['cpu', 'critical', 'warning'],
      ['down', 'warning'],
    ]);
  });

  it('leaves a bad rule out, names it, and keeps the others', () => {
    const rules = [
      rule({ expr: 'cpu >' }),
      rule({ name: 'ok' }),
      rule({ name: 'text', message: '{{ nope }}' }),
      rule({ name: 'ok' }),
    ];
    const policy = compilePolicy(buildPolicy({ rules }));
    expect(policy.rules.map(({ name }) => name)).toEqual(['ok']);
    expect(policy.invalid).toEqual([
      { name: 'cpu', severity: 'warning', message: expect.stringContaining('expr: line 1, column 6') },
      { name: 'text', severity: 'warning', message: expect.stringContaining('message: line 1, column 4') },
      { name: 'ok', severity: 'warning', message: 'this name has this severity already' },
    ]);
  });

  it.each([
    ['restarted', true],
    ['oomKilled || crashed', true],
    ['deployed && container.labels["app"] == "web"', true],
    ['restarted && cpu > 80', false],
    ['increaseOver("restarts", "10m") >= 3', false],
    ['container.name == "web"', false],
    ['!up', false],
  ])('takes "%s" for event-like: %s', (expr, eventLike) => {
    const policy = compilePolicy(buildPolicy({ rules: [rule({ expr })] }));
    expect(policy.rules[0]?.levels[0]?.eventLike).toBe(eventLike);
  });
});
