import { stringify } from 'yaml';

/** Marks places of an object that a template fills in, and writes it as YAML with the template's text there. */
export interface TemplateText {
  /** Stands for a value: `image: {{ .Values.image }}`. */
  value(text: string): string;
  /** Stands for whole lines: as a key (with the value null) among other keys, or as an item of a list. */
  lines(...text: readonly string[]): string;
  write(object: unknown): string;
}

export function createTemplateText(): TemplateText {
  const texts: string[] = [];
  const mark = (text: string): string => {
    texts.push(text);
    return `@@${texts.length - 1}@@`;
  };
  const textOf = (index: string | undefined): string => texts[Number(index)] ?? '';
  return {
    value: mark,
    lines: (...text) => mark(text.join('\n')),
    write: (object) =>
      stringify(object, { lineWidth: 0 })
        .replaceAll(/^( *)(?:- )?["']?@@(\d+)@@["']?(?:: null)?$/gm, (_line, indent: string, index: string) =>
          textOf(index).replaceAll(/^/gm, indent),
        )
        .replaceAll(/["']?@@(\d+)@@["']?/g, (_mark, index: string) => textOf(index)),
  };
}
