import type { Target } from '../../model/target.ts';
import type { ContainerFacts } from './decode/inspect.ts';

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
const NUMBER = 'com.docker.compose.container-number';
const ONEOFF = 'com.docker.compose.oneoff';
/** Compose's own names; anything else in these labels was written by somebody else and is not trusted as a key. */
const COMPOSE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;
/** Compose recreates under "<12 hex of the old id>_<name>" and renames when the old container is gone. */
const INTERIM_NAME = /^[0-9a-f]{12}_(.+)$/;

type Named = Pick<ContainerFacts, 'name' | 'labels'>;

/** `host/project/service/number` of a container of a Compose service, else `host/name`. Outlives recreation. */
export function targetIdOf(host: string, container: Named): string {
  const service = composeService(container);
  return service === undefined ? `${host}/${container.name}` : `${host}/${service.join('/')}`;
}

/** Target value of a container. */
export function toTarget(host: string, facts: ContainerFacts): Target {
  return {
    id: targetIdOf(host, facts),
    instance: facts.id,
    host,
    name: composeService(facts) === undefined ? facts.name : facts.name.replace(INTERIM_NAME, '$1'),
    namespace: facts.labels[PROJECT] ?? '',
    labels: facts.labels,
    image: facts.image,
    limits: facts.allowance,
  };
}

/** Stands for a target that is not there: asked for, and unknown or removed. */
export function missingTarget(host: string, id: string): Target {
  const parts = id.startsWith(`${host}/`) ? id.slice(host.length + 1).split('/') : [id];
  const isService = parts.length === 3;
  return {
    id,
    instance: '',
    host,
    name: isService ? parts.join('-') : parts.join('/'),
    namespace: isService ? (parts[0] ?? '') : '',
    labels: {},
    image: '',
    limits: {},
  };
}

function composeService(container: Named): readonly [string, string, string] | undefined {
  const {
    [PROJECT]: project = '',
    [SERVICE]: service = '',
    [NUMBER]: number = '',
    [ONEOFF]: oneoff,
  } = container.labels;
  const known = COMPOSE_NAME.test(project) && COMPOSE_NAME.test(service) && /^\d{1,9}$/.test(number);
  return known && oneoff !== 'True' ? [project, service, number] : undefined;
}
