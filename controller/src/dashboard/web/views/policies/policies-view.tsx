import type { ViewProps } from '../../route.ts';
import { PolicyEditor } from './policy-editor.tsx';
import { PolicyList } from './policy-list.tsx';
import { NewPolicy } from './new-policy.tsx';
import { PolicyPage } from './policy-page.tsx';
import '../views.css';
import './policies.css';

/** `#/policies`, `#/policies/new`, `#/policies/KEY` and `#/policies/KEY/edit`. No key is `new`: keys have a slash. */
export function PoliciesView({ params: { path, query } }: ViewProps) {
  const [key, action] = path;
  if (key === undefined) return <PolicyList />;
  if (key === 'new') return <NewPolicy template={query['template']} />;
  return action === 'edit' ? <PolicyEditor policyKey={key} /> : <PolicyPage policyKey={key} />;
}
