import { useState } from 'preact/hooks';
import type { MailView } from '../../../answers/mails.ts';
import { router } from '../../router.ts';

/** Widths at which people read mail, CSS pixels. */
const widths = { desktop: 640, phone: 375 } as const;

/** The mail as it went out, in a frame that may run nothing and reach nothing. */
export function Rendered({ mail: { id, subject } }: { mail: MailView }) {
  const [width, setWidth] = useState<keyof typeof widths>('desktop');
  return (
    <section class="rendered" aria-label="The mail as it looks">
      <p class="buttons">
        {(['desktop', 'phone'] as const).map((name) => (
          <button key={name} type="button" class="button" aria-pressed={name === width} onClick={() => setWidth(name)}>
            {name} ({widths[name]})
          </button>
        ))}
        <button type="button" class="button" onClick={() => router.setQuery({ mail: undefined })}>
          close
        </button>
      </p>
      <iframe
        class="mail-frame"
        sandbox=""
        referrerpolicy="no-referrer"
        title={subject ?? 'mail'}
        src={`./api/mails/${encodeURIComponent(id)}/html`}
        width={widths[width]}
        height={720}
      />
    </section>
  );
}
