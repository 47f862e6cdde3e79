import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { Chart } from '../../model/chart.ts';
import { captionOf } from './caption.ts';
import { createChartPainter, MAX_CHART_BYTES, type RenderPng } from './chart-png.ts';
import { chartSvg } from './chart-svg.ts';
import { scaleOf } from './scale.ts';

const HOUR_MS = 3_600_000;

function buildChart(overrides: Partial<Chart> = {}): Chart {
  const points = Array.from({ length: 120 }, (_, index) => ({ at: index * 30_000, value: 40 + index / 3 }));
  return {
    label: 'CPU',
    unit: '%',
    points,
    fromMs: 0,
    toMs: HOUR_MS,
    threshold: 70,
    firingFrom: 3_000_000,
    ...overrides,
  };
}

function noise(count: number): Chart['points'] {
  return Array.from({ length: count }, (_, index) => ({
    at: (index * HOUR_MS) / count,
    value: (index * 2_654_435_761) % 1000,
  }));
}

const neverEnds: RenderPng = () => new Promise(() => undefined);

describe('chartSvg', () => {
  it('draws values, threshold and firing span within its frame', () => {
    const svg = chartSvg(buildChart()) ?? '';
    expect(svg).toContain('stroke-dasharray');
    expect(svg).toContain('fill-opacity');
    expect(svg).not.toMatch(/NaN|Infinity|<text/);
  });

  it.each([
    ['no point', []],
    ['one point', [{ at: 1, value: 1 }]],
    ['points that are no numbers', [Number.NaN, Number.POSITIVE_INFINITY].map((value, at) => ({ at, value }))],
    ['points of another time', [1, 2].map((value) => ({ at: HOUR_MS * 2 + value, value }))],
  ])('draws nothing of %s', (_, points) => {
    expect(chartSvg(buildChart({ points }))).toBeUndefined();
  });

  it('breaks the line where nothing was measured', () => {
    const points = buildChart().points.filter(({ at }) => at < 1_000_000 || at > 2_000_000);
    expect(chartSvg(buildChart({ points }))?.match(/M[\d. ]+L/g)).toHaveLength(2);
  });

  it('keeps every peak of more points than it has pixels', () => {
    const points = noise(20_000).map((point, index) => (index === 7777 ? { ...point, value: 5000 } : point));
    const svg = chartSvg(buildChart({ points, threshold: undefined })) ?? '';
    expect(svg.length).toBeLessThan(20_000);
    expect(scaleOf(buildChart({ points })).most).toBeGreaterThan(5000);
  });
});

describe('scaleOf', () => {
  it.each([
    [[12, 85], 80, 0, 90],
    [[0, 0], undefined, 0, 1],
    [[-5, 5], undefined, -5, 10],
    [[0.01, 0.02], 1, 0, 1.5],
    [[1e9, 3e9], undefined, 0, 4e9],
  ])('fits values %j and threshold %s between round numbers', (values, threshold, least, most) => {
    const scale = scaleOf(buildChart({ points: values.map((value, at) => ({ at, value })), threshold }));
    expect(scale.least).toBeLessThanOrEqual(least);
    expect(scale.most).toBeGreaterThanOrEqual(most);
    expect(scale.lines.length).toBeLessThanOrEqual(8);
  });
});

describe('captionOf', () => {
  it('says in words what the picture shows', () => {
    expect(captionOf(buildChart())).toEqual({
      title: 'CPU, last 1 h',
      summary: 'lowest 40 %, highest 79.7 %, last 79.7 %; threshold 70 %',
      range: '0 to 100 %',
    });
  });
});

describe('the painter', () => {
  const log = createSilentLog();

  it('draws a PNG of bounded size', async () => {
    const draw = createChartPainter({ clock: createFakeClock(), log });
    const png = await draw(buildChart());
    expect(
      Buffer.from(png ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(png?.length).toBeLessThanOrEqual(MAX_CHART_BYTES);
  });

  it('draws the wildest data with fewer pixels, or not at all', async () => {
    const draw = createChartPainter({ clock: createFakeClock(), log });
    const png = await draw(buildChart({ points: noise(20_000) }));
    expect(png?.length ?? 0).toBeLessThanOrEqual(MAX_CHART_BYTES);
  });

  it.each<[string, () => Promise<RenderPng>]>([
    ['is missing', () => Promise.reject(new Error('no binary for this platform'))],
    ['fails', async () => () => Promise.reject(new Error('cannot draw'))],
    ['draws too much', async () => async () => new Uint8Array(MAX_CHART_BYTES + 1)],
  ])('gives no picture when its renderer %s', async (_, load) => {
    expect(await createChartPainter({ clock: createFakeClock(), log, load })(buildChart())).toBeUndefined();
  });

  it('does not wait for a renderer that hangs', async () => {
    const clock = createFakeClock();
    const drawing = createChartPainter({ clock, log, load: async () => neverEnds })(buildChart());
    await clock.advance(1000);
    expect(await drawing).toBeUndefined();
  });
});
