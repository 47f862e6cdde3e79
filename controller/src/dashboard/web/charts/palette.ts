/** Colours of the theme in force, for what CSS does not reach. */
export interface Palette {
  readonly ground: string;
  readonly line: string;
  readonly text: string;
  readonly dim: string;
  readonly ok: string;
  readonly info: string;
  readonly warning: string;
  readonly critical: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: colour('ground'),
    line: colour('line'),
    text: colour('text'),
    dim: colour('dim'),
    ok: colour('ok'),
    info: colour('info'),
    warning: colour('warning'),
    critical: colour('critical'),
  };
}
