import { useEffect, useState } from 'preact/hooks';
import { get } from '../../api.ts';
import { complete, type Completion } from './completion.ts';
import { completeExpression, decodeNames } from './expression-completion.ts';
import { decodeSchema } from './schema.ts';

/** What may stand at an offset of a text. */
export type Complete = (text: string, offset: number) => Completion | undefined;

/** Completion of policies; undefined while their schema is not known, and then nothing is proposed. */
export function useCompletion(): Complete | undefined {
  const [completion, setCompletion] = useState<{ readonly at: Complete }>();
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      const answer = await get<unknown>('api/schema', { query: { kind: 'MonitorPolicy' }, signal: abort.signal });
      if (answer.ok) setCompletion({ at: completionOf(answer.value) });
    };
    void ask();
    return () => abort.abort();
  }, []);
  return completion?.at;
}

function completionOf(answer: unknown): Complete {
  const schema = decodeSchema(answer);
  const names = decodeNames(answer);
  return (text, offset) => completeExpression(names, text, offset) ?? complete(schema, text, offset);
}
