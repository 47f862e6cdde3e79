import type { HostStatus } from '../../../model/host.ts';
import type { Problem } from '../../../model/problem.ts';
import { Mark } from './mark.tsx';
import { Age } from './time.tsx';

/** What is wrong with the watching itself; empty when all is well. */
export function Problems({ problems, hosts }: { problems: readonly Problem[]; hosts: readonly HostStatus[] }) {
  const away = hosts.flatMap((host) => (host.reachable ? [] : [{ key: `host:${host.host}`, ...host }]));
  const all = [...away, ...problems.filter(({ key }) => !away.some((host) => host.key === key))];
  if (all.length === 0) return null;
  return (
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">Needs your hand</h2>
      <ul>
        {all.map(({ key, reason, message, since }) => (
          <li key={key}>
            <Mark kind="warning" /> <strong>{reason}</strong> <span class="text">{message}</span>{' '}
            <small>
              for <Age from={since} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
