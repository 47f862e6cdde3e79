import { readFileSync } from 'node:fs';
import { object, list } from '../json.ts';

export interface RecordedEvent {
  readonly type: string;
  readonly object: unknown;
}

export const recordedText = (file: string): string =>
  readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8');

export function recordedJson(file: string): unknown {
  return JSON.parse(recordedText(file));
}

export function recordedItems(file: string): readonly unknown[] {
  return list(object(recordedJson(file))['items'], 1000);
}

/** A watch of pods through one scenario, in order. */
export function recordedWatch(scenario: string): readonly RecordedEvent[] {
  return recordedText(`${scenario}.pods.ndjson`)
    .trim()
    .split('\n')
    .map((line) => {
      const event = object(JSON.parse(line));
      return { type: String(event['type']), object: event['object'] };
    });
}
