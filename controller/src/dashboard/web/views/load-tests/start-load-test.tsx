import { useState } from 'preact/hooks';
import type {
  LoadSample,
  LoadSamplesAnswer,
  LoadStartedAnswer,
  LoadStartRequest,
} from '../../../answers/load-tests.ts';
import { post } from '../../api.ts';
import { tell } from '../../notice.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { href } from '../../route.ts';
import { router } from '../../router.ts';
import { AnswerState } from '../answer-state.tsx';
import { useAnswer } from '../use-answer.ts';

/** What a hasty click starts, where there is one: a few requests. */
const GENTLEST = 'smoke';

/** Starts a load test from a sample, as it is or changed. */
export function StartLoadTest() {
  const loaded = useAnswer<LoadSamplesAnswer>('api/load-tests/samples');
  const [chosen, setChosen] = useState<string>();
  const samples = loaded.value?.samples ?? [];
  const sample = samples.find(({ name }) => name === (chosen ?? GENTLEST)) ?? samples[0];
  return (
    <div class="view">
      <h1>
        <a href={href('load-tests')}>Load tests</a> / start
      </h1>
      <AnswerState loaded={loaded} what="the samples" />
      {loaded.value !== undefined && samples.length === 0 && (
        <p class="empty">There are no samples; write your own below.</p>
      )}
      <div class="samples" role="radiogroup" aria-label="Sample">
        {samples.map(({ name, description }) => (
          <label key={name} class={`sample ${name === sample?.name ? 'chosen' : ''}`}>
            <span>
              <input
                type="radio"
                name="sample"
                value={name}
                checked={name === sample?.name}
                onChange={() => setChosen(name)}
              />{' '}
              <strong>{name}</strong>
            </span>
            <small>{description}</small>
          </label>
        ))}
      </div>
      {loaded.value !== undefined && <StartForm key={sample?.name ?? ''} sample={sample} />}
    </div>
  );
}

function StartForm({ sample }: { sample: LoadSample | undefined }) {
  const [url, setUrl] = useState('');
  const [yaml, setYaml] = useState(sample?.yaml ?? '');
  const [refused, setRefused] = useState<readonly string[]>([]);
  const isChanged = sample === undefined || yaml !== sample.yaml;
  async function start(): Promise<void> {
    const address = url === '' ? {} : { url };
    const request: LoadStartRequest = isChanged ? { yaml } : { sample: sample.name, ...address };
    const answer = await post<LoadStartedAnswer>('api/load-tests', request);
    if (answer.ok) {
      tell({
        kind: 'done',
        text: `${answer.value.key} ${answer.value.action === 'rerun' ? 'runs again' : 'was created'}`,
      });
      router.go(href('load-tests', [answer.value.key]));
      return;
    }
    const details = answer.details.map(({ path = '', line, message }) => {
      const where = line === undefined ? '' : `line ${line}: `;
      return `${where}${path} ${message}`.trim();
    });
    setRefused(details.length === 0 ? [answer.error] : details);
  }
  return (
    <>
      <p>
        <label class="wide">
          address instead of the sample's{' '}
          <input
            type="url"
            value={url}
            placeholder={addressIn(yaml) ?? 'http://web:8000'}
            aria-disabled={isChanged}
            readOnly={isChanged}
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
        </label>{' '}
        {isChanged && <small>the text below is changed: set its target there</small>}
      </p>
      <details open={sample === undefined}>
        <summary>YAML</summary>
        <textarea
          class="load-yaml"
          rows={Math.max(10, yaml.split('\n').length)}
          spellcheck={false}
          aria-label="YAML of the load test"
          value={yaml}
          onInput={(event) => setYaml(event.currentTarget.value)}
        />
      </details>
      {refused.length > 0 && (
        <div class="failure" role="alert">
          <strong>Not started:</strong>
          <ul>
            {refused.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      )}
      <p class="buttons">
        <ActionButton kind="primary" act={start}>
          start{sample !== undefined && !isChanged ? ` ${sample.name}` : ''}
        </ActionButton>
      </p>
    </>
  );
}

/** Where the text points its load, as it is written there; undefined when it cannot be told at a glance. */
function addressIn(yaml: string): string | undefined {
  return /\burl:\s*['"]?([^\s'",}]+)/.exec(yaml)?.[1];
}
