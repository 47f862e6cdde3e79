import type { KubeObject } from '../kube/client.ts';
import type { FieldError } from '../kube/status.ts';
import { validateLoadTest } from './load-test-validate.ts';
import { validateRules } from './validate-rules.ts';

/** What is asked of an object when its schema is content, by kind. */
export const validators: Readonly<Record<string, (object: KubeObject) => readonly FieldError[]>> = {
  LoadTest: validateLoadTest,
  MonitorPolicy: validateRules,
};
