import type { Sample } from '../model/metrics.ts';
import type { Target } from '../model/target.ts';

/** A target and what was recorded of it. */
export interface RecordedTarget {
  readonly target: Target;
  /** In order of time. */
  readonly samples: readonly Sample[];
  /** Width of the widest interval among them, milliseconds; 0 when all are samples as they came. */
  readonly resolutionMs: number;
}

/** A target as far as its id tells: `host/project/service/number` under Compose, else `host/name`. */
export function targetOfId(id: string): Target {
  const [host = '', ...rest] = id.split('/');
  const [project = '', service = '', number = ''] = rest;
  const isService = rest.length === 3;
  return {
    id,
    instance: id,
    host,
    name: rest.join(isService ? '-' : '/'),
    namespace: isService ? project : '',
    labels: isService
      ? {
          'com.docker.compose.project': project,
          'com.docker.compose.service': service,
          'com.docker.compose.container-number': number,
        }
      : {},
    image: '',
    limits: {},
  };
}
