import type { PolicyOrigin } from '../../../answers/policies.ts';

/** Who declares a policy, for people. */
export function originText(origin: PolicyOrigin): string {
  switch (origin.kind) {
    case 'api':
      return 'applied here or with kubectl';
    case 'file':
      return `file ${origin.file}`;
    default:
      return 'built in';
  }
}

/** Why it cannot be changed here; undefined when it can. */
export function whyNotEditable(origin: PolicyOrigin): string | undefined {
  switch (origin.kind) {
    case 'api':
      return undefined;
    case 'file':
      return `It is declared in the file ${origin.file} of the policies folder: change it there.`;
    default:
      return 'It is built in: change it by the settings, or turn it off with DEFAULT_POLICY=false.';
  }
}
