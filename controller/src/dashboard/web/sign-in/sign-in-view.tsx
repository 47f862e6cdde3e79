import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionAnswer, SignInRequest } from '../../answers/session.ts';
import { post } from '../api.ts';
import { session, useSession } from '../session.ts';

/** Asks for the password; whoever has signed in sees the view that the address names. */
export function SignInView() {
  const known = useSession();
  if (known?.signIn === 'proxy') {
    return (
      <main class="sign-in">
        <h1>Not signed in</h1>
        <p>
          The reverse proxy in front of this page says who you are, and it said nothing. Sign in there, then reload.
        </p>
        <button type="button" class="button primary" onClick={() => globalThis.location.reload()}>
          reload
        </button>
      </main>
    );
  }
  return (
    <main class="sign-in">
      <h1>
        <span class="prompt" aria-hidden="true">
          $
        </span>{' '}
        foghorn login
      </h1>
      <PasswordForm />
    </main>
  );
}

function PasswordForm() {
  const field = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => field.current?.focus(), []);

  async function signIn(password: string): Promise<void> {
    if (isBusy || password === '') return;
    setBusy(true);
    const answer = await post<SessionAnswer>('api/session', { password } satisfies SignInRequest);
    setBusy(false);
    if (answer.ok) {
      session.set(answer.value);
      return;
    }
    setRefusal(answer.status === 401 ? 'That is not the password.' : answer.error);
    field.current?.select();
    field.current?.focus();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void signIn(field.current?.value ?? '');
      }}
    >
      {/* Password managers want a name to put it under. */}
      <input
        class="unseen"
        type="text"
        name="username"
        autocomplete="username"
        value="foghorn"
        tabIndex={-1}
        readOnly
        aria-hidden="true"
      />
      <label for="password">Password</label>
      <input
        id="password"
        ref={field}
        type="password"
        name="password"
        autocomplete="current-password"
        required
        aria-invalid={refusal !== ''}
        aria-describedby="sign-in-refusal"
      />
      <button type="submit" class="button primary" aria-busy={isBusy}>
        sign in
      </button>
      <p id="sign-in-refusal" class="critical" role="alert">
        {refusal}
      </p>
    </form>
  );
}
