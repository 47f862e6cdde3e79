import { describe, expect, it } from 'vitest';
import { buildEpisode } from '../../model/builders.ts';
import type { Chronicle } from './chronicle.ts';

/** What every Chronicle does; `make` gives an empty one. */
export function chronicleContract(name: string, make: () => Promise<Chronicle>): void {
  describe(`Chronicle: ${name}`, () => {
    const web = buildEpisode({ id: 'a@20', pendingSince: 10, firedAt: 20, resolvedAt: 50, resolvedReason: 'cleared' });
    const db = buildEpisode({ id: 'b@30', target: { ...web.target, id: 'local/db' }, pendingSince: 30, firedAt: 30 });

    it('gives back the firings that overlap a time, newest first', async () => {
      const chronicle = await make();
      chronicle.keep(web);
      chronicle.keep(db);
      expect(await chronicle.episodes({ fromMs: 0, toMs: 100, limit: 10 })).toEqual([db, web]);
      expect(await chronicle.episodes({ fromMs: 51, toMs: 100, limit: 10 })).toEqual([db]);
      expect(await chronicle.episodes({ fromMs: 0, toMs: 29, limit: 10 })).toEqual([web]);
      expect(await chronicle.episodes({ targetId: web.target.id, fromMs: 0, toMs: 100, limit: 10 })).toEqual([web]);
      expect(await chronicle.episodes({ fromMs: 0, toMs: 100, limit: 1 })).toEqual([db]);
      expect(await chronicle.openEpisodes(10)).toEqual([db]);
    });

    it('knows a firing as it was told last', async () => {
      const chronicle = await make();
      chronicle.keep(db);
      expect(await chronicle.openEpisodes(10)).toHaveLength(1);
      chronicle.keep({ ...db, resolvedAt: 40, resolvedReason: 'cleared' });
      expect(await chronicle.openEpisodes(10)).toEqual([]);
      expect(await chronicle.episodes({ fromMs: 0, toMs: 100, limit: 10 })).toMatchObject([{ resolvedAt: 40 }]);
    });

    it('keeps what happened to a target once, oldest first, and the newest of too many', async () => {
      const chronicle = await make();
      const crash = { targetId: 'local/web', at: 10, kind: 'crashed', exitCode: 137 } as const;
      const deploy = { targetId: 'local/web', at: 20, kind: 'deployed', detail: 'web:1 -> web:2' } as const;
      const marks = (fromMs: number, toMs: number, limit: number): ReturnType<Chronicle['marks']> =>
        chronicle.marks({ targetId: 'local/web', fromMs, toMs, limit });
      chronicle.mark([deploy, crash, { ...crash, targetId: 'local/db' }]);
      chronicle.mark([crash]);
      expect(await marks(0, 100, 10)).toEqual([crash, deploy]);
      expect(await marks(0, 100, 1)).toEqual([deploy]);
      expect(await marks(11, 19, 10)).toEqual([]);
    });
  });
}
