/** For how long a silence is offered. */
export const silenceChoices = ['1h', '4h', 'tomorrow'] as const;
export type SilenceChoice = (typeof silenceChoices)[number];

export const silenceWords: Readonly<Record<SilenceChoice, string>> = {
  '1h': '1 h',
  '4h': '4 h',
  tomorrow: 'until tomorrow',
};

const HOUR_MS = 3_600_000;
/** When people are back at work. */
const MORNING_HOUR = 8;

/** When it ends, epoch milliseconds; tomorrow is eight in the morning where the person is. */
export function silenceEnd(choice: SilenceChoice, now: number): number {
  if (choice === '1h') return now + HOUR_MS;
  if (choice === '4h') return now + 4 * HOUR_MS;
  const end = new Date(now);
  end.setDate(end.getDate() + 1);
  end.setHours(MORNING_HOUR, 0, 0, 0);
  return end.getTime();
}
