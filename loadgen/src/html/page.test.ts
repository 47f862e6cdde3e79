import { describe, expect, it } from 'vitest';
import { buildReport, buildResult, HEALTHY } from '../builders.ts';
import { pageOf } from './page.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='x'>&`;

describe('pageOf', () => {
  it('escapes all that came from outside', () => {
    const report = buildReport([buildResult()], {
      url: HOSTILE,
      endpointNames: [HOSTILE],
      generator: { ...HEALTHY, reliable: false, reasons: [HOSTILE] },
    });
    const page = pageOf({
      ...report,
      statuses: { [HOSTILE]: 1 },
      failures: { [HOSTILE]: 1 },
      thresholds: [{ expr: HOSTILE, passed: false, observed: HOSTILE }],
    });
    expect(page).not.toMatch(/<script|<img|onerror='/);
    expect(page.match(/&quot;&gt;&lt;script&gt;/g)?.length).toBe(8);
  });

  it('needs nothing from elsewhere', () => {
    const page = pageOf(buildReport([buildResult()]));
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/src=|href=|@import|url\(/);
  });

  it('is loud about an unreliable result', () => {
    const generator = { ...HEALTHY, reliable: false, reasons: ['it was busy'] };
    expect(pageOf(buildReport([buildResult()], { generator }))).toContain('Unreliable');
    expect(pageOf(buildReport([buildResult()]))).not.toContain('Unreliable');
  });

  it('tells what was never sent, and what went before the plan', () => {
    const unsent = buildResult({ sentAtMs: undefined, isLate: true, status: undefined, failure: 'timeout' });
    const page = pageOf(buildReport([buildResult(), unsent], { warmUp: { requests: 20, errors: 3 } }));
    expect(page).toContain('<dd>1, 1 never sent</dd>');
    expect(page).toContain('<dd>20, 3 failed</dd>');
    expect(pageOf(buildReport([buildResult()]))).not.toMatch(/never sent|Warm-up/);
  });

  it('draws a report without a single request', () => {
    expect(pageOf(buildReport([]))).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shows gaps where nothing was answered', () => {
    const report = buildReport([buildResult(), buildResult({ dueAtMs: 4_000, endedAtMs: 4_050 })], {
      durationMs: 5_000,
    });
    const [latency = ''] = pageOf(report).match(/aria-label="Latency.*/) ?? [];
    expect(latency.match(/class="line l0" d="M[^"]*M/)).not.toBeNull();
  });
});
