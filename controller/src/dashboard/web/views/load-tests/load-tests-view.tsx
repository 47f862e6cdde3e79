import type { ViewProps } from '../../route.ts';
import { LoadTestList } from './load-test-list.tsx';
import { LoadTestPage } from './load-test-page.tsx';
import { StartLoadTest } from './start-load-test.tsx';
import '../views.css';
import './load-tests.css';

/** `#/load-tests`, `#/load-tests/new` and `#/load-tests/KEY`. No key is `new`: keys have a slash. */
export function LoadTestsView({ params: { path } }: ViewProps) {
  const key = path[0];
  if (key === undefined) return <LoadTestList />;
  return key === 'new' ? <StartLoadTest /> : <LoadTestPage loadTestKey={key} />;
}
