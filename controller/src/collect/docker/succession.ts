import type { Change } from '../../model/observation.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { changeOf } from './life.ts';

/** What a container was made of. */
type Made = Pick<ContainerFacts, 'image' | 'imageId' | 'fingerprint'>;

/** What it means that a container took the place of another under the same identity, told when it first runs. */
export function succeed(predecessor: Made, facts: Made, now: number): Change {
  if (predecessor.imageId !== facts.imageId) {
    return { ...changeOf('deployed', now), detail: imageDetail(predecessor, facts) };
  }
  if (predecessor.fingerprint.whole !== facts.fingerprint.whole) {
    return { ...changeOf('configured', now), detail: 'recreated with another configuration' };
  }
  return { ...changeOf('restarted', now), detail: 'recreated' };
}

function imageDetail(predecessor: Made, facts: Made): string {
  const isRebuilt = predecessor.image === facts.image;
  return isRebuilt
    ? `image ${facts.image} rebuilt: ${shortDigest(predecessor.imageId)} -> ${shortDigest(facts.imageId)}`
    : `image ${predecessor.image} -> ${facts.image}`;
}

function shortDigest(imageId: string): string {
  return imageId.replace(/^sha256:/, '').slice(0, 12);
}
