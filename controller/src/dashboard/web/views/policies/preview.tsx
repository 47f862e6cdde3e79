import { useState } from 'preact/hooks';
import type { PolicyPreview, PreviewAlert, PreviewAnswer } from '../../../answers/policies.ts';
import { post } from '../../api.ts';
import { Timeline, type TimelineRow } from '../../charts/timeline.tsx';
import type { Bounds } from '../../charts/time-range.ts';
import { Moment } from '../../parts/time.tsx';
import { durationText, valuesText } from '../values.ts';
import { previewRows, type PreviewRow } from './preview-rows.ts';

/** A day of many containers takes the controller a while. */
const TIMEOUT_MS = 60_000;
const HOURS = 24;
const MAX_ROWS = 40;

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'done'; readonly answer: PreviewAnswer; readonly yaml: string };

/** What the text would have done in the last day, had it been in force. */
export function Preview({ yaml, refusal }: { yaml: string; refusal: string | undefined }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const isOff = refusal !== undefined || state.kind === 'running';
  async function run(): Promise<void> {
    setState({ kind: 'running' });
    const answer = await post<PreviewAnswer>('api/policies/preview', { yaml, hours: HOURS }, { timeoutMs: TIMEOUT_MS });
    setState(answer.ok ? { kind: 'done', answer: answer.value, yaml } : { kind: 'failed', error: answer.error });
  }
  return (
    <section aria-label="Preview" class="preview">
      <h2>What would this have fired?</h2>
      <p>
        <button
          type="button"
          class="button"
          aria-disabled={isOff}
          title={refusal}
          onClick={() => {
            if (!isOff) void run();
          }}
        >
          {state.kind === 'running' ? 'playing the last 24 h ...' : 'play the last 24 h'}
        </button>{' '}
        {state.kind === 'done' && state.yaml !== yaml && <span class="warning">the text has changed since</span>}
      </p>
      <div role="status">
        {state.kind === 'failed' && <p class="failure">No preview: {state.error}</p>}
        {state.kind === 'done' &&
          state.answer.replays.map((replay) => (
            <Replay key={replay.policy} replay={replay} bounds={{ fromMs: state.answer.from, toMs: state.answer.to }} />
          ))}
      </div>
    </section>
  );
}

function Replay({ replay, bounds }: { replay: PolicyPreview; bounds: Bounds }) {
  const { alerts, alertsLeftOut, mails, mailsLeftOut, targets, looks, unknown, notes } = replay;
  const fired = alerts.filter((alert) => alert.fired).length;
  const mailCount = mails.length + mailsLeftOut;
  return (
    <div class="replay">
      <p>
        <strong>{replay.policy}</strong>: {fired} {fired === 1 ? 'alert' : 'alerts'}
        {alertsLeftOut > 0 && ` (and ${alertsLeftOut} more breaches)`}, {mailCount} {mailCount === 1 ? 'mail' : 'mails'}
        , on {targets.length} {targets.length === 1 ? 'target' : 'targets'}, {looks} looks
      </p>
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {alerts.length === 0 ? (
        <p class="empty">nothing would have been in breach</p>
      ) : (
        <>
          <Timeline bounds={bounds} rows={previewRows(alerts).slice(0, MAX_ROWS).map(rowOf)} label="Breaches" />
          <AlertTable alerts={alerts.slice(0, MAX_ROWS)} />
          {alerts.length > MAX_ROWS && <p class="empty">and {alerts.length - MAX_ROWS} more</p>}
        </>
      )}
      {unknown.map((rule) => (
        <p key={`${rule.rule}${rule.severity}`} class="dim">
          {rule.rule} ({rule.severity}) could not be decided {rule.looks} times: {rule.reason}
        </p>
      ))}
    </div>
  );
}

function rowOf({ key, rule, target, spans, fired }: PreviewRow): TimelineRow {
  return {
    key,
    head: (
      <>
        <strong>{rule}</strong> <small>{target}</small> {!fired && <small>(too short to fire)</small>}
      </>
    ),
    spans,
  };
}

function AlertTable({ alerts }: { alerts: readonly PreviewAlert[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Alerts that would have fired">
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">rule</th>
            <th scope="col">target</th>
            <th scope="col">began</th>
            <th scope="col">lasted</th>
            <th scope="col">severity</th>
            <th scope="col">values</th>
            <th scope="col">mails</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr key={`${alert.rule}|${alert.target}|${alert.from}`}>
              <th scope="row">{alert.rule}</th>
              <td>{alert.target}</td>
              <td>
                <Moment at={alert.from} />
              </td>
              <td>{alert.to === null ? 'still on' : durationText(alert.to - alert.from)}</td>
              <td class={alert.fired ? alert.severity : 'dim'}>{alert.fired ? alert.severity : 'not fired'}</td>
              <td>{valuesText(alert.values)}</td>
              <td>{alert.mails}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
