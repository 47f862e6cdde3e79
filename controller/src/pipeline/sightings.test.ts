import { describe, expect, it } from 'vitest';
import { buildObservation, buildTarget } from '../model/builders.ts';
import { createSightings } from './sightings.ts';

const target = buildTarget({ name: 'web' });
const http = { protocol: 'http', at: 1, up: true, status: 200 } as const;
const database = { protocol: 'postgres', at: 1, up: true, value: 3 } as const;

describe('sightings', () => {
  it('merge the probes of every policy that watches a target', () => {
    const sightings = createSightings();
    sightings.take('default/a', buildObservation({ target, probes: { http } }));
    sightings.take('default/b', buildObservation({ target, probes: { database } }));
    expect(sightings.latest(target.id)?.probes).toEqual({ http, database });
    expect(sightings.policiesOf(target.id)).toEqual(['default/a', 'default/b']);
  });

  it('let the first policy in name order speak when two name a probe alike', () => {
    const sightings = createSightings();
    sightings.take('default/b', buildObservation({ target, probes: { http: { ...http, status: 500 } } }));
    sightings.take('default/a', buildObservation({ target, probes: { http } }));
    expect(sightings.latest(target.id)?.probes['http']?.status).toBe(200);
  });

  it('forget a target when the last policy leaves it', () => {
    const sightings = createSightings();
    sightings.take('default/a', buildObservation({ target, probes: { http } }));
    sightings.take('default/b', buildObservation({ target }));
    sightings.leave('default/a', target.id);
    expect(sightings.latest(target.id)?.probes).toEqual({});
    sightings.leave('default/b', target.id);
    expect(sightings.targetIds()).toEqual([]);
  });
});
