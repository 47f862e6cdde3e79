import type uPlot from 'uplot';
import type { ChartMark, ChartSpan, ChartSpec } from './chart-spec.ts';
import { markRuns, type MarkRun } from './mark-runs.ts';
import type { Palette } from './palette.ts';
import { inLanes, type InLane } from './span-lanes.ts';

/** Letters, so that colour is not all that tells them apart. */
const letters: Readonly<Record<ChartMark['kind'], string>> = { deploy: 'D', restart: 'R', crash: 'X', change: 'C' };

/** Marks closer than this, in CSS pixels, are drawn as one. */
const LETTER_ROOM = 14;
const MARK_DASH = [3, 3];
const THRESHOLD_DASH = [6, 4];

/** Height of a label, in CSS pixels, and how many may stand over each other. */
const LABEL_ROOM = 13;
const MAX_LABELS = 3;

/** Below the lines: alerts and load tests as coloured bands with their names. */
export function drawSpans(plot: uPlot, spec: ChartSpec, palette: Palette): void {
  drawIn(plot, (context) => {
    const loads = spec.spans.filter(({ kind }) => kind === 'load');
    const alerts = spec.spans.filter(({ kind }) => kind !== 'load');
    for (const placed of [...inLanes(loads), ...inLanes(alerts)]) drawSpan(plot, context, { placed, spec, palette });
  });
}

function drawSpan(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  {
    placed,
    spec,
    palette,
  }: { readonly placed: InLane<ChartSpan>; readonly spec: ChartSpec; readonly palette: Palette },
): void {
  const { span, lane } = placed;
  const { top, height } = plot.bbox;
  const colour = span.kind === 'load' ? palette.info : palette[span.kind];
  const from = x(plot, Math.max(span.fromMs, spec.bounds.fromMs));
  const to = Math.max(from + pixels(2), x(plot, Math.min(span.toMs ?? spec.bounds.toMs, spec.bounds.toMs)));
  const isLoad = span.kind === 'load';
  context.fillStyle = colour;
  // Several at once must not hide the lines.
  context.globalAlpha = lane > 0 ? 0.03 : isLoad ? 0.1 : 0.14;
  context.fillRect(from, top, to - from, height);
  context.globalAlpha = 0.9;
  // Alerts have their edge at the foot, load tests at the head: both are seen where they overlap.
  context.fillRect(from, isLoad ? top : top + height - pixels(3), to - from, pixels(3));
  context.globalAlpha = 1;
  const room = to - from - pixels(6);
  if (lane >= MAX_LABELS) return;
  const y = isLoad ? top + pixels(14 + LABEL_ROOM * lane) : top + height - pixels(7 + LABEL_ROOM * lane);
  context.fillText(fitting(context, span.label, room), from + pixels(3), y);
}

/** As much of a label as there is room for; nothing when that would be a letter or two. */
function fitting(context: CanvasRenderingContext2D, label: string, room: number): string {
  const count = Math.floor(room / context.measureText('m').width);
  if (count >= label.length) return label;
  return count < LEAST_LETTERS ? '' : `${label.slice(0, count - 1)}…`;
}

const LEAST_LETTERS = 5;

/** Above the lines: thresholds, and what happened to the container. */
export function drawLines(plot: uPlot, spec: ChartSpec, palette: Palette): void {
  drawIn(plot, (context) => {
    for (const threshold of spec.thresholds) {
      const y = plot.valToPos(threshold.value, 'y', true);
      if (y < plot.bbox.top) continue;
      stroke(context, { colour: palette[threshold.severity], dash: THRESHOLD_DASH }, (path) => {
        path.moveTo(plot.bbox.left, y);
        path.lineTo(plot.bbox.left + plot.bbox.width, y);
      });
    }
    const marks = spec.marks.map(({ at, kind }) => ({ x: x(plot, at), kind }));
    for (const run of markRuns(marks, pixels(LETTER_ROOM))) drawRun(plot, context, { run, palette });
  });
}

/** A line where it begins and one where it ends, a bar between them, and what it is at its head. */
function drawRun(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  { run, palette }: { readonly run: MarkRun; readonly palette: Palette },
): void {
  const { left, top, width, height } = plot.bbox;
  const colour = run.kind === 'crash' ? palette.critical : palette.text;
  stroke(context, { colour, dash: MARK_DASH }, (path) => {
    for (const at of new Set([run.from, run.to])) {
      path.moveTo(at, top);
      path.lineTo(at, top + height);
    }
  });
  const size = pixels(13);
  const text = run.count === 1 ? letters[run.kind] : `${letters[run.kind]}×${run.count}`;
  const boxWidth = Math.max(size, context.measureText(text).width + pixels(6));
  const wanted = run.from === run.to ? run.from - size / 2 : run.from;
  const boxLeft = Math.min(Math.max(wanted, left), left + width - boxWidth);
  context.fillStyle = colour;
  context.fillRect(run.from, top, run.to - run.from, pixels(3));
  context.fillRect(boxLeft, top, boxWidth, size);
  context.fillStyle = palette.ground;
  context.fillText(text, boxLeft + pixels(3), top + pixels(10.5));
}

function drawIn(plot: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  const { left, top, width, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.beginPath();
  plot.ctx.rect(left, top, width, height);
  plot.ctx.clip();
  plot.ctx.font = `${pixels(11)}px ui-monospace, 'DejaVu Sans Mono', monospace`;
  plot.ctx.textAlign = 'left';
  plot.ctx.textBaseline = 'alphabetic';
  draw(plot.ctx);
  plot.ctx.restore();
}

function stroke(
  context: CanvasRenderingContext2D,
  { colour, dash }: { readonly colour: string; readonly dash: readonly number[] },
  draw: (path: CanvasRenderingContext2D) => void,
): void {
  context.strokeStyle = colour;
  context.lineWidth = pixels(1);
  context.setLineDash(dash.map(pixels));
  context.beginPath();
  draw(context);
  context.stroke();
  context.setLineDash([]);
}

function x(plot: uPlot, at: number): number {
  return plot.valToPos(at, 'x', true);
}

/** CSS pixels in those of the canvas. */
function pixels(size: number): number {
  return size * devicePixelRatio;
}
