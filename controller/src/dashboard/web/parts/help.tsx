import { keyHelp } from '../keyboard/keys.ts';
import { Dialog } from './dialog.tsx';
import { Mark, type MarkKind } from './mark.tsx';

const marks: readonly { readonly kind: MarkKind; readonly means: string }[] = [
  { kind: 'ok', means: 'up, nothing fires' },
  { kind: 'critical', means: 'critical, or down' },
  { kind: 'warning', means: 'warning' },
  { kind: 'info', means: 'info' },
  { kind: 'unknown', means: 'cannot be told' },
];

const filters: readonly { readonly text: string; readonly finds: string }[] = [
  { text: 'web', finds: 'name, project, host or image with "web" in it' },
  { text: 'sev:critical,warning', finds: 'by severity' },
  { text: 'host:nas project:shop', finds: 'by place' },
  { text: 'label:tier=db', finds: 'by label; * stands for anything' },
  { text: '-state:running', finds: 'what does not hold' },
];

export function Help({ close }: { readonly close: () => void }) {
  return (
    <Dialog title="Keys, marks and filters" close={close}>
      <div class="help">
        <dl>
          {keyHelp.map(({ keys, does }) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <div>
          <dl>
            {marks.map(({ kind, means }) => (
              <div key={kind}>
                <dt>
                  <Mark kind={kind} />
                </dt>
                <dd>{means}</dd>
              </div>
            ))}
          </dl>
          <dl>
            {filters.map(({ text, finds }) => (
              <div key={text}>
                <dt>
                  <code>{text}</code>
                </dt>
                <dd>{finds}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
    </Dialog>
  );
}
