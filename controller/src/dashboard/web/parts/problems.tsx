import type { HostStatus } from '../../../model/host.ts';
import type { Problem } from '../../../model/problem.ts';
import { age } from '../format.ts';

/** What is wrong with the watching itself; empty when all is well. */
export function Problems({
  problems,
  hosts,
  now,
}: {
  problems: readonly Problem[];
  hosts: readonly HostStatus[];
  now: number;
}) {
  const away = hosts.flatMap((host) => (host.reachable ? [] : [{ key: `host:${host.host}`, ...host }]));
  const all = [...away, ...problems.filter(({ key }) => !away.some((host) => host.key === key))];
  if (all.length === 0) return null;
  return (
    <section aria-label="Problems" class="problems">
      <h2>Needs your hand</h2>
      <ul>
        {all.map(({ key, reason, message, since }) => (
          <li key={key}>
            <strong>{reason}</strong> <span class="text">{message}</span> <small>for {age(since, now)}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
