import { useEffect, useState } from 'preact/hooks';
import { get } from '../../api.ts';
import { decodeSchema, type Schema } from './schema.ts';

/** The schema of policies; undefined while it is not known, and then nothing is proposed. */
export function useSchema(): Schema | undefined {
  const [schema, setSchema] = useState<Schema>();
  useEffect(() => {
    const abort = new AbortController();
    void get<unknown>('api/schema', { query: { kind: 'MonitorPolicy' }, signal: abort.signal }).then((answer) => {
      if (answer.ok) setSchema(decodeSchema(answer.value));
    });
    return () => abort.abort();
  }, []);
  return schema;
}
