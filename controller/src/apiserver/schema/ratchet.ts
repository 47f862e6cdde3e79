import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../../kube/status.ts';
import { isRecord, own } from '../json.ts';

/**
 * Leaves out what was wrong before and has not changed, so that an object that was stored under an older schema
 * can still be touched elsewhere (its status written, a finalizer removed).
 */
export function ratchet(errors: readonly FieldError[], object: unknown, old: unknown): readonly FieldError[] {
  if (old === undefined) return errors;
  return errors.filter((error) => {
    // a missing field is a fault of what should hold it
    const path = error.type === 'Required' ? parent(error.field) : error.field;
    if (path === '' || path === '<nil>') return true;
    const [now, before] = [valueAt(object, path), valueAt(old, path)];
    return now === undefined || !isDeepStrictEqual(now, before);
  });
}

function parent(path: string): string {
  return path.replace(/(\.|^)[^.[]+$|\[\d+\]$/, '');
}

function valueAt(object: unknown, path: string): unknown {
  const steps = path.split(/\.|\[(\d+)\]/).filter((step) => step !== undefined && step !== '');
  return steps.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isRecord(value) ? own(value, step) : undefined;
  }, object);
}
