import { object, text } from '../../json.ts';

export interface EngineVersion {
  /** "28.5.2+dfsg4". */
  readonly engine: string;
  readonly api: string;
  readonly minApi: string;
}

/** Body of `GET /version`; undefined when it is not an engine that answered. */
export function decodeVersion(body: unknown): EngineVersion | undefined {
  const fields = object(body);
  const api = text(fields['ApiVersion']);
  if (parseApiVersion(api) === undefined) return undefined;
  const minApi = text(fields['MinAPIVersion']);
  return { engine: text(fields['Version']), api, minApi: parseApiVersion(minApi) === undefined ? api : minApi };
}

/**
 * The newest API whose answers this reader was written against. All it needs is in 1.41; engines from 29 on
 * refuse less than 1.40 or 1.44.
 */
const NEWEST_KNOWN_API = '1.44';

/** The version to speak: the newest that both know, never below what the engine insists on. */
export function negotiateApi(version: EngineVersion): string {
  const known = compareApi(version.api, NEWEST_KNOWN_API) < 0 ? version.api : NEWEST_KNOWN_API;
  return compareApi(known, version.minApi) < 0 ? version.minApi : known;
}

/** First patch of each line whose one-shot stats answer at once; older ones wait for their one-second tick. */
const FAST_ONE_SHOT: Readonly<Record<string, number>> = { '23.0': 8, '24.0': 7 };
const FAST_ONE_SHOT_MAJOR = 25;

/** Whether `one-shot=true` is answered at once (moby #46448, #46617, #46619). */
export function hasFastOneShot(engineVersion: string): boolean {
  const match = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(engineVersion);
  if (match === null) return false;
  const patch = FAST_ONE_SHOT[`${match[1]}.${match[2]}`];
  return Number(match[1]) >= FAST_ONE_SHOT_MAJOR || (patch !== undefined && Number(match[3]) >= patch);
}

function compareApi(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = parseApiVersion(left) ?? [];
  const [rightMajor = 0, rightMinor = 0] = parseApiVersion(right) ?? [];
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

function parseApiVersion(version: string): readonly [number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,4})$/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}
