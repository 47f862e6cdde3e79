import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorMessage } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { parseLogOptions } from '../docker-view/log-options.ts';
import type { PodLogs } from '../docker-view/pod-logs.ts';
import { faultAnswer, type Answer } from './answer.ts';
import type { KindRequest } from './context.ts';

/** An answer that is known only when somebody else has answered. */
export interface LateAnswer {
  /** Never rejects. The signal aborts when the client is gone. */
  settle(client: AbortSignal): Promise<Answer | LogStream>;
}

/** Output that is ready to be written. */
export interface LogStream {
  readonly contentType: string;
  /** Writes no faster than the client reads, until the output ends, the client goes or the signal aborts. Never rejects. */
  run(response: ServerResponse, stopped: AbortSignal): Promise<void>;
}

/** Answers `GET …/pods/NAME/log`. Throws a StatusError for options that are out of range. */
export function preparePodLog(
  { podLogs, log }: { readonly podLogs: PodLogs; readonly log: Log },
  { info, query }: Pick<KindRequest, 'info' | 'query'>,
): LateAnswer {
  const { namespace = '', name = '' } = info;
  const options = parseLogOptions(query);
  return {
    async settle(client) {
      try {
        const output = await podLogs({ namespace, name }, options, client);
        return {
          contentType: 'text/plain',
          run: async (response, stopped) => {
            await pipeline(Readable.from(output), response, { signal: stopped }).catch((thrown: unknown) => {
              if (client.aborted || stopped.aborted) return;
              log.warn(
                { pod: `${namespace}/${name}`, error: errorMessage(thrown) },
                'the output of a container broke off',
              );
            });
          },
        };
      } catch (thrown) {
        return faultAnswer(thrown, log);
      }
    },
  };
}
