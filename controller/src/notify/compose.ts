import type { InlinePicture } from '../model/mail-parts.ts';
import type { Notification } from '../model/notification.ts';
import type { DrawChart } from './chart/chart-png.ts';
import type { Render } from './deliver.ts';
import { renderEmail } from './render/render-email.ts';
import type { RenderContext } from './render/tone.ts';

export interface ComposeDeps {
  /** Adds what is read when the message goes out; never rejects, and ends by its own deadline. */
  readonly complete: (notification: Notification, now: number) => Promise<Notification>;
  readonly draw: DrawChart;
  readonly context: Omit<RenderContext, 'now' | 'pictures'>;
}

/** Pictures of one mail at most. */
const MAX_PICTURES = 3;

/** Writes a mail as it reads when it goes out: with charts, and what the containers said last. */
export function createComposer({ complete, draw, context }: ComposeDeps): Render {
  return async (notification, now) => {
    const completed = await complete(notification, now);
    return renderEmail(completed, { ...context, now, pictures: await picturesOf(completed, draw) });
  };
}

async function picturesOf({ alerts }: Notification, draw: DrawChart): Promise<ReadonlyMap<string, InlinePicture>> {
  const charts = alerts.flatMap(({ alert, context: { chart } }) => (chart === undefined ? [] : [{ alert, chart }]));
  const drawn = await Promise.all(
    charts.slice(0, MAX_PICTURES).map(async ({ alert, chart }, index) => {
      const png = await draw(chart);
      return png === undefined ? [] : [[alert.key, { contentId: `chart-${index + 1}@foghorn`, png }] as const];
    }),
  );
  return new Map(drawn.flat());
}
