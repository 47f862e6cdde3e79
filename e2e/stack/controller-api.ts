import type { DashboardView } from '../../controller/src/dashboard/view.ts';
import type { AlertView } from '../../controller/src/dashboard/view.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** What a controller says over HTTP, and the inbox of the SES sandbox. */
export interface ControllerApi {
  readonly url: string;
  state(): Promise<DashboardView>;
  alerts(): Promise<readonly AlertView[]>;
  /** The alert of this rule about this container, in whichever state. */
  alert(container: string, rule: string): Promise<AlertView | undefined>;
  /** Mails in the inbox, oldest first, that have all these words in subject and text; one mail may tell several alerts. */
  mails(...words: readonly string[]): Promise<readonly Mail[]>;
  clearMails(): Promise<void>;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly to: readonly string[];
}

interface StoredMail {
  readonly subject: string;
  readonly destination: { readonly to: readonly string[] };
  readonly body: { readonly text: string };
}

export function createControllerApi(
  url = 'http://127.0.0.1:8001',
  sandboxUrl = 'http://127.0.0.1:8005',
): ControllerApi {
  const alerts = async (): Promise<readonly AlertView[]> => {
    const answer = (await getJson(`${url}/api/alerts`)) as { readonly alerts: readonly AlertView[] };
    return answer.alerts;
  };
  return {
    url,
    state: async () => (await getJson(`${url}/api/state`)) as DashboardView,
    alerts,
    alert: async (container, rule) =>
      (await alerts()).find((alert) => alert.container === container && alert.rule === rule),
    async mails(...words) {
      const { emails } = (await getJson(`${sandboxUrl}/store`)) as { readonly emails: readonly StoredMail[] };
      return emails
        .map(({ subject, body, destination }) => ({ subject, text: body.text, to: destination.to }))
        .filter(({ subject, text }) => words.every((word) => `${subject}\n${text}`.includes(word)));
    },
    async clearMails() {
      await fetch(`${sandboxUrl}/clear-store`, { method: 'POST', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    },
  };
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
