/** Sets an own field, whatever its name: `__proto__` becomes a field, not the prototype. */
export function setOwn(record: object, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
}
