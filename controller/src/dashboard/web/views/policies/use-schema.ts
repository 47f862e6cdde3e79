import { useEffect, useState } from 'preact/hooks';
import { get } from '../../api.ts';
import { decodeSchema, type Schema } from './schema.ts';

/** The schema of policies; undefined while it is not known, and then nothing is proposed. */
export function useSchema(): Schema | undefined {
  const [schema, setSchema] = useState<Schema>();
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      const answer = await get<unknown>('api/schema', { query: { kind: 'MonitorPolicy' }, signal: abort.signal });
      if (answer.ok) setSchema(decodeSchema(answer.value));
    };
    void ask();
    return () => abort.abort();
  }, []);
  return schema;
}
