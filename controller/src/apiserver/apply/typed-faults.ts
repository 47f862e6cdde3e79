import { isRecord } from '../json.ts';
import { goSyntax, goType, goValue } from './go-text.ts';
import { itemElement } from './list-items.ts';
import { fieldType, shapeOf, type ListType, type MapType, type MergeType, type Scalar } from './merge-type.ts';
import { fieldElement, showElement } from './path-element.ts';

/** What keeps a value from being of the type: `.spec.colour: field not declared in schema`. */
export function typedFaults(value: unknown, type: MergeType, duplicates: 'refused' | 'allowed'): readonly string[] {
  const walk = (part: unknown, partType: MergeType): readonly Fault[] => {
    const shape = shapeOf(partType, part);
    switch (shape.kind) {
      case 'scalar':
        return scalarFaults(shape.scalar, part);
      case 'list':
        return listFaults(shape.list, part);
      case 'map':
        return mapFaults(shape.map, part);
      default:
        return shape satisfies never;
    }
  };
  const listFaults = (list: ListType, part: unknown): readonly Fault[] => {
    if (part === null) return [];
    if (!Array.isArray(part)) return [fault(`expected list, got &{${goValue(part)}}`)];
    const faults: Fault[] = [];
    const seen = new Set<string>();
    for (const [index, item] of part.entries()) {
      const found = list.isAtomic ? { element: `i:${index}` } : itemElement(list, item);
      if ('fault' in found) return [...faults, fault(`element ${index}: ${found.fault}`)];
      const { element } = found;
      if (seen.has(element) && duplicates === 'refused')
        faults.push(fault(`duplicate entries for key ${showElement(element)}`));
      seen.add(element);
      faults.push(...below(element, walk(item, list.element)));
    }
    return faults;
  };
  const mapFaults = (map: MapType, part: unknown): readonly Fault[] => {
    if (part === null) return [];
    if (!isRecord(part)) return [fault(`expected map, got &{${goValue(part)}}`)];
    const faults: Fault[] = [];
    for (const [name, field] of Object.entries(part)) {
      const known = fieldType(map, name);
      const found = known === undefined ? [fault('field not declared in schema')] : walk(field, known);
      faults.push(...below(fieldElement(name), found));
      if (known === undefined) break;
    }
    return faults;
  };
  return walk(value, type).map(({ path, text }) => (path === '' ? text : `${path}: ${text}`));
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
