import { createRuleChecker } from '../evaluate/compile.ts';
import type { FieldError } from '../kube/status.ts';

/** What a policy's rules are checked on; the rest of the spec is the schema's business. */
interface RuleTexts {
  readonly probes: readonly { readonly name: string }[];
  readonly rules: readonly {
    readonly expr: string;
    readonly message?: string | undefined;
    readonly actions: readonly string[];
  }[];
}

/** Admission of a MonitorPolicy beyond its schema: every expression must parse and type-check, with line and caret. */
export function validateRules(policy: { readonly spec?: unknown }): readonly FieldError[] {
  const { probes, rules } = readTexts(policy.spec);
  const check = createRuleChecker(probes);
  return rules.flatMap((rule, index) =>
    check(rule).map(({ field, message }) => ({
      type: 'Invalid' as const,
      field: `spec.rules[${index}].${field}`,
      message,
    })),
  );
}

/** The schema has been checked before: what does not fit it is not there. */
function readTexts(spec: unknown): RuleTexts {
  const { probes = [], rules = [] } = spec as {
    probes?: RuleTexts['probes'];
    rules?: readonly Partial<RuleTexts['rules'][number]>[];
  };
  return { probes, rules: rules.map(({ expr = '', message, actions = [] }) => ({ expr, message, actions })) };
}
