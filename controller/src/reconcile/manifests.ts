import { LineCounter, isMap, isScalar, parseAllDocuments, type Document } from 'yaml';
import type { KubeObject } from '../kube/client.ts';

/** What a file of manifests holds, or all that is wrong with it. */
export type Manifests =
  | { readonly kind: 'read'; readonly documents: readonly Manifest[] }
  | { readonly kind: 'broken'; readonly faults: readonly ManifestFault[] };

export interface Manifest {
  readonly object: KubeObject;
  /** Line (from 1) where a field path as the API words it (`spec.rules[2].expr`) stands, or its nearest parent. */
  lineOf(fieldPath: string): number;
}

export interface ManifestFault {
  readonly line: number;
  readonly message: string;
}

/** A file past this is refused unread. */
export const MAX_FILE_BYTES = 1_048_576;
const MAX_DOCUMENTS = 1000;
/** Aliases may repeat at most this often, so that anchors cannot explode. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 64;

type YamlDocument = Document.Parsed;

/** Reads YAML as kubectl does (YAML 1.1: `yes` is a boolean), several documents a file; empty ones are skipped. */
export function readManifests(text: string): Manifests {
  if (depthOf(text) > MAX_DEPTH) return broken(1, `nested deeper than ${MAX_DEPTH} levels`);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  if (documents.length > MAX_DOCUMENTS) return broken(1, `more than ${MAX_DOCUMENTS} documents in one file`);
  const faults: ManifestFault[] = [];
  const manifests: Manifest[] = [];
  for (const document of documents) {
    const result = readDocument(document, lines);
    if (result === undefined) continue;
    if ('object' in result) manifests.push(result);
    else faults.push(...result);
  }
  return faults.length > 0 ? { kind: 'broken', faults } : { kind: 'read', documents: manifests };
}

function readDocument(document: YamlDocument, lines: LineCounter): Manifest | readonly ManifestFault[] | undefined {
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  if (document.errors.length > 0) {
    return document.errors.map((error) => ({ line: lineAt(error.pos[0]), message: error.message }));
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return undefined;
  const start = lineAt(document.contents.range[0]);
  if (!isMap(document.contents))
    return [{ line: start, message: 'a document must be a mapping with apiVersion, kind and metadata' }];
  const value = toValue(document);
  if (value instanceof Error) return [{ line: start, message: value.message }];
  const fault = missingField(value);
  if (fault !== undefined) return [{ line: start, message: fault }];
  return { object: value as KubeObject, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

function toValue(document: YamlDocument): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function missingField(value: unknown): string | undefined {
  if (!isRecord(value)) return 'a document must be a mapping';
  if (typeof value['apiVersion'] !== 'string') return 'apiVersion is missing';
  if (typeof value['kind'] !== 'string') return 'kind is missing';
  const { metadata } = value;
  if (!isRecord(metadata) || typeof metadata['name'] !== 'string' || metadata['name'] === '')
    return 'metadata.name is missing';
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Offset of the deepest part of the path that is there. */
function offsetOf(document: YamlDocument, fieldPath: string): number {
  const keys = fieldPath.split(/[.[\]]+/).filter((key) => key !== '');
  for (let length = keys.length; length > 0; length -= 1) {
    const path = keys.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const node: unknown = document.getIn(path, true);
    if (hasRange(node)) return node.range[0];
  }
  return document.contents?.range[0] ?? 0;
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return isRecord(node) && Array.isArray(node['range']);
}

/** Nesting by indentation and by brackets, counted without parsing, since the parser recurses. */
function depthOf(text: string): number {
  let deepest = 0;
  let brackets = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, (brackets += 1));
    else if (character === ']' || character === '}') brackets = Math.max(0, brackets - 1);
  }
  for (const [indent] of text.matchAll(/^[ -]*/gm)) deepest = Math.max(deepest, Math.floor(indent.length / 2));
  return deepest;
}

function broken(line: number, message: string): Manifests {
  return { kind: 'broken', faults: [{ line, message }] };
}
