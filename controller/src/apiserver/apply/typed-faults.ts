import { isRecord } from '../json.ts';
import { goSyntax, goType, goValue } from './go-text.ts';
import { itemElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType, type Scalar } from './merge-type.ts';
import { fieldElement, showElement } from './path-element.ts';

/** Whether items of one identity may occur twice: in what is applied they may not, in what stands there they can. */
export type Duplicates = 'refused' | 'allowed';

/** What keeps a value from being of the type: `.spec.colour: field not declared in schema`. */
export function typedFaults(value: unknown, type: MergeType, duplicates: Duplicates): readonly string[] {
  return faultsAt(value, type, duplicates).map(({ path, text }) => (path === '' ? text : `${path}: ${text}`));
}

function faultsAt(value: unknown, type: MergeType, duplicates: Duplicates): readonly Fault[] {
  const shape = shapeOf(type, value);
  switch (shape.kind) {
    case 'scalar':
      return scalarFaults(shape.scalar, value);
    case 'list':
      return listFaults(value, shape.list, duplicates);
    case 'map':
      return mapFaults(value, shape.map, duplicates);
    default:
      return shape satisfies never;
  }
}

function listFaults(value: unknown, list: ListType, duplicates: Duplicates): readonly Fault[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return [fault(`expected list, got &{${goValue(value)}}`)];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const found = list.isAtomic ? { element: `i:${index}` } : itemElement(list, item);
    if ('fault' in found) return [...faults, fault(`element ${index}: ${found.fault}`)];
    const { element } = found;
    const isRepeated = seen.has(element) && duplicates === 'refused';
    if (isRepeated) faults.push(fault(`duplicate entries for key ${showElement(element)}`));
    seen.add(element);
    faults.push(...below(element, faultsAt(item, list.element, duplicates)));
  }
  return faults;
}

function mapFaults(value: unknown, map: MapType, duplicates: Duplicates): readonly Fault[] {
  if (value === null) return [];
  if (!isRecord(value)) return [fault(`expected map, got &{${goValue(value)}}`)];
  const faults: Fault[] = [];
  for (const [name, field] of Object.entries(value)) {
    const known = fieldType(map, name);
    const found = known === undefined ? [fault('field not declared in schema')] : faultsAt(field, known, duplicates);
    faults.push(...below(fieldElement(name), found));
    // a real server does not look at further fields of the map then
    if (known === undefined) break;
  }
  return faults;
}

interface Fault {
  readonly path: string;
  readonly text: string;
}

function fault(text: string): Fault {
  return { path: '', text };
}

function below(element: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ path, text }) => ({ path: `${showElement(element)}${path}`, text }));
}

function scalarFaults(scalar: Scalar, value: unknown): readonly Fault[] {
  if (value === null || fits(scalar, value)) return [];
  switch (scalar) {
    case 'numeric':
      return [fault(`expected numeric (int or float), got ${goType(value)}`)];
    case 'string':
      return [fault(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`)];
    case 'boolean':
      return [fault(`expected boolean, got &{${goValue(value)}}`)];
    case 'untyped':
      return [fault(`expected any scalar, got &{${goValue(value)}}`)];
    default:
      return scalar satisfies never;
  }
}

function fits(scalar: Scalar, value: unknown): boolean {
  const type = typeof value;
  if (scalar === 'untyped') return type === 'string' || type === 'number' || type === 'boolean';
  return type === (scalar === 'numeric' ? 'number' : scalar);
}
