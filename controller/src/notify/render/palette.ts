import { html, type Markup } from './markup.ts';
import type { Tone } from './tone.ts';

interface ToneColours {
  readonly background: string;
  readonly text: string;
  /** For values in breach, on the card, in light and in dark mode. */
  readonly accent: string;
  readonly darkAccent: string;
}

/** Each pair of text and background has a contrast of at least 4.5 (WCAG AA). */
export const toneColours: Readonly<Record<Tone, ToneColours>> = {
  critical: { background: '#b3261e', text: '#ffffff', accent: '#b3261e', darkAccent: '#ff8a80' },
  warning: { background: '#f2b01e', text: '#221800', accent: '#8a5a00', darkAccent: '#ffc94d' },
  info: { background: '#1f5fa8', text: '#ffffff', accent: '#1f5fa8', darkAccent: '#8ab8f0' },
  resolved: { background: '#1e7a34', text: '#ffffff', accent: '#1e7a34', darkAccent: '#7fd694' },
};

export const fonts = {
  body: "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
  code: "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace",
} as const;

/** Inline styles carry the light colours; mail readers that know dark mode take these classes. */
export const styleSheet: Markup = html`<style>
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (max-width: 620px) {
    .outer { padding: 0 !important; }
    .card { border-left: 0 !important; border-right: 0 !important; border-radius: 0 !important; }
    .pad { padding-left: 16px !important; padding-right: 16px !important; }
    .title { font-size: 16px !important; line-height: 22px !important; }
  }
  @media (prefers-color-scheme: dark) {
    .page { background: #101316 !important; }
    .card { background: #1b1f24 !important; border-color: #353b43 !important; }
    .ink { color: #e8eaed !important; }
    .muted { color: #a5adb8 !important; }
    .line { border-color: #353b43 !important; }
    .log { background: #101316 !important; color: #d7dce2 !important; border-color: #353b43 !important; }
    .link { background: #e8eaed !important; color: #1b1f24 !important; }
  ${toneRules()}
  }
</style>`;

function toneRules(): Markup {
  const rules = Object.entries(toneColours).map(
    ([tone, colours]) => `  .accent-${tone} { color: ${colours.darkAccent} !important; }`,
  );
  return { markup: rules.join('\n') };
}
