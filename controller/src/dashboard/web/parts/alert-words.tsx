import type { LiveAlert } from '../../answers/live.ts';
import { Age, Moment } from './time.tsx';

/** Since when it fires, which rule says so, the last mail about it, and why there is none. */
export function AlertWords({ alert }: { readonly alert: LiveAlert }) {
  return (
    <>
      since <Age from={alert.since} /> · {alert.policy} / {alert.rule} · <MailWord alert={alert} />
      <QuietWord alert={alert} />
    </>
  );
}

function MailWord({ alert }: { readonly alert: LiveAlert }) {
  if (alert.rejected !== null) return <span class="warning">mail refused: {alert.rejected}</span>;
  if (alert.lastNotifiedAt === null) return <>no mail yet</>;
  return (
    <>
      last mail <Moment at={alert.lastNotifiedAt} />
    </>
  );
}

function QuietWord({ alert: { silencedBy, inhibitedBy, acknowledgedBy } }: { readonly alert: LiveAlert }) {
  const words = [
    acknowledgedBy !== null && `acknowledged by ${acknowledgedBy}`,
    silencedBy !== null && `silenced by ${silencedBy}`,
    inhibitedBy !== null && `explained by ${inhibitedBy}`,
  ].filter((word) => word !== false);
  return words.length === 0 ? null : <strong> · {words.join(' · ')}</strong>;
}
