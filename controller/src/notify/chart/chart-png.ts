import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Chart } from '../../model/chart.ts';
import { CHART_WIDTH, chartSvg } from './chart-svg.ts';

/** Draws a picture, or says that there is none; never rejects, and ends by its own deadline. */
export type DrawChart = (chart: Chart) => Promise<Uint8Array | undefined>;

/** Turns SVG into PNG, at so many pixels of width. */
export type RenderPng = (svg: string, width: number, signal: AbortSignal) => Promise<Uint8Array>;

export interface ChartDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Loads the renderer at the first picture; its native part may be missing on a platform. */
  readonly load?: (() => Promise<RenderPng>) | undefined;
}

/** What a picture may add to a mail: a mail of three stays under 100 kB of pictures in Base64. */
export const MAX_CHART_BYTES = 25_000;
/** A picture takes 5 to 15 ms; a mail does not wait longer for it than a reader would notice. */
const DEADLINE_MS = 1000;
/** Pixels for each unit of width, the best first. */
const SHARPNESS = [2, 1] as const;

export function createChartPainter({ clock, log, load = loadResvg }: ChartDeps): DrawChart {
  let renderer: Promise<RenderPng | undefined> | undefined;

  function rendererOnce(): Promise<RenderPng | undefined> {
    renderer ??= load().catch((error: unknown) => {
      log.warn({ err: error }, 'mails go without charts: the renderer cannot be loaded');
      return undefined;
    });
    return renderer;
  }

  async function draw(svg: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const render = await rendererOnce();
    if (render === undefined) return undefined;
    for (const sharpness of SHARPNESS) {
      const png = await render(svg, CHART_WIDTH * sharpness, signal);
      if (png.length <= MAX_CHART_BYTES) return png;
    }
    return undefined;
  }

  return async (chart) => {
    const svg = chartSvg(chart);
    if (svg === undefined) return undefined;
    const deadline = new AbortController();
    const done = new AbortController();
    try {
      return await Promise.race([draw(svg, deadline.signal), clock.sleep(DEADLINE_MS, done.signal).then(noPicture)]);
    } catch (error) {
      log.warn({ err: error }, 'a chart could not be drawn; its mail goes without it');
      return undefined;
    } finally {
      deadline.abort();
      done.abort();
    }
  };
}

function noPicture(): undefined {
  return undefined;
}

async function loadResvg(): Promise<RenderPng> {
  const { renderAsync } = await import('@resvg/resvg-js');
  return async (svg, width, signal) => {
    const options = { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } } as const;
    return (await renderAsync(svg, options, signal)).asPng();
  };
}
