import type { ComponentChildren } from 'preact';
import type { ContainerAnswer, ContainerProbe, NetworkView, PortView } from '../../../answers/container.ts';
import { bytes, seconds, UNKNOWN } from '../../format.ts';
import { Moment } from '../../parts/time.tsx';
import { href } from '../../route.ts';

/** What the container is, what is asked of it, and who watches it and why. */
export function Details({ answer }: { answer: ContainerAnswer }) {
  const { labels, labelsLeftOut } = answer;
  return (
    <section aria-label="Details" class="details">
      <h2>Details</h2>
      <Facts answer={answer} />
      <details class="labels">
        <summary>{labels.length + labelsLeftOut} labels</summary>
        <dl class="facts">
          {labels.map(({ name, value }) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </dl>
        {labelsLeftOut > 0 && <p class="empty">{labelsLeftOut} more are left out</p>}
      </details>
      <Probes probes={answer.probes} />
      <Matches answer={answer} />
    </section>
  );
}

function Facts({ answer: { container, instance, createdAt, limits, exitCode, ...rest } }: { answer: ContainerAnswer }) {
  return (
    <dl class="facts">
      <Fact name="image">{container.image}</Fact>
      <Fact name="container id">{instance === '' ? UNKNOWN : instance.slice(0, 12)}</Fact>
      <Fact name="created">
        <Moment at={createdAt} />
      </Fact>
      <Fact name="started">
        <Moment at={container.startedAt} />
      </Fact>
      {exitCode !== null && (
        <Fact name="ended">
          exit code {exitCode}
          {rest.oomKilled === true && ', killed for want of memory'}, <Moment at={rest.finishedAt} />
        </Fact>
      )}
      <Fact name="CPU limit">{limits.cpuCores === null ? 'none' : `${limits.cpuCores} cores`}</Fact>
      <Fact name="memory limit">{limits.memoryBytes === null ? 'none' : bytes(limits.memoryBytes)}</Fact>
      <Fact name="restarts">{container.restarts ?? UNKNOWN}</Fact>
      {rest.ports !== null && <Fact name="ports">{rest.ports.map(portText).join(', ') || 'none'}</Fact>}
      {rest.networks !== null && <Fact name="networks">{rest.networks.map(networkText).join(', ') || 'none'}</Fact>}
    </dl>
  );
}

function networkText({ name, address }: NetworkView): string {
  return address === null ? name : `${name} (${address})`;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function portText({ protocol, containerPort, hostAddress, hostPort }: PortView): string {
  const inside = `${containerPort}/${protocol}`;
  return hostPort === null ? inside : `${hostAddress ?? ''}${hostAddress === null ? '' : ':'}${hostPort} → ${inside}`;
}

function Probes({ probes }: { probes: readonly ContainerProbe[] }) {
  if (probes.length === 0) return null;
  return (
    <>
      <h3>Probes</h3>
      <ul class="plain">
        {probes.map((probe) => (
          <li key={`${probe.policy}${probe.name}`}>
            <span class="who">{probe.name}</span> <span class="text">{probe.asks}</span>{' '}
            <Result result={probe.result} /> <small>of {probe.policy}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

function Result({ result }: { result: ContainerProbe['result'] }) {
  if (result === null) return <span class="unknown">not asked yet</span>;
  const { up, status, latencySeconds, value, error } = result;
  const facts = [status, latencySeconds === null ? null : seconds(latencySeconds), value].filter(
    (fact) => fact !== null,
  );
  return (
    <span class={up ? 'ok' : 'critical'}>
      {up ? 'up' : 'DOWN'} {facts.join(', ')} {error !== null && `${error.kind}: ${error.message}`}
    </span>
  );
}

function Matches({ answer: { policies } }: { answer: ContainerAnswer }) {
  return (
    <>
      <h3>Watched by</h3>
      {policies.length === 0 && <p class="empty">no policy matches it: it is shown, and never judged</p>}
      <ul class="plain">
        {policies.map(({ key, suspended, why }) => (
          <li key={key}>
            <a class="who" href={href('policies', [key])}>
              {key}
            </a>
            {suspended && <span class="badge unknown">SUSPENDED</span>} <small>because {why.join('; ')}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
