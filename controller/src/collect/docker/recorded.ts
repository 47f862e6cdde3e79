import { readFileSync } from 'node:fs';
import { decodeEvent, type ContainerEvent } from './decode/events.ts';
import { decodeInspect, type ContainerFacts } from './decode/inspect.ts';
import { object, text } from '../json.ts';

/** Engines whose answers were recorded; every test of a decoder runs on both. */
export const recordedEngines = ['20.10.24', '28.5.2'] as const;
export type RecordedEngine = (typeof recordedEngines)[number];

const cache = new Map<RecordedEngine, ReadonlyMap<string, string>>();

function filesOf(engine: RecordedEngine): ReadonlyMap<string, string> {
  const known = cache.get(engine);
  if (known !== undefined) return known;
  const lines = readFileSync(new URL(`fixtures/${engine}.ndjson`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const files = new Map(
    lines.map((line): [string, string] => {
      const entry: unknown = JSON.parse(line);
      const { file, text: content } = object(entry);
      return [text(file), typeof content === 'string' ? content : ''];
    }),
  );
  cache.set(engine, files);
  return files;
}

export function recordedText(engine: RecordedEngine, file: string): string {
  const content = filesOf(engine).get(file);
  if (content === undefined) throw new Error(`not recorded: ${engine} ${file}`);
  return content;
}

export function recordedJson(engine: RecordedEngine, file: string): unknown {
  return JSON.parse(recordedText(engine, file));
}

export function recordedFiles(engine: RecordedEngine, folder: string): readonly string[] {
  return [...filesOf(engine).keys()].filter((file) => file.startsWith(`${folder}/`));
}

export function recordedInspect(engine: RecordedEngine, file: string): ContainerFacts {
  const facts = decodeInspect(recordedJson(engine, file));
  if (facts === undefined) throw new Error(`no inspect: ${engine} ${file}`);
  return facts;
}

/** Facts of a recorded state ("oom", "paused"). */
export function recordedState(engine: RecordedEngine, state: string): ContainerFacts {
  return recordedInspect(engine, `states/${state}/inspect.json`);
}

export function recordedEvents(engine: RecordedEngine, file: string): readonly ContainerEvent[] {
  const lines = recordedText(engine, file).split('\n');
  return lines.flatMap((line) => (line.startsWith('{') ? (decodeEvent(JSON.parse(line)) ?? []) : []));
}

/** Body of a recorded error answer; undefined for an empty one. */
export function recordedBody(engine: RecordedEngine, name: string): unknown {
  const body = object(recordedJson(engine, `errors/${name}.json`))['body_raw'];
  return typeof body === 'string' && body.trim() !== '' ? JSON.parse(body) : undefined;
}
