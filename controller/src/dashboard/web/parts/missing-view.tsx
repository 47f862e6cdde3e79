import { href } from '../route.ts';

export function MissingView({ address }: { readonly address: string }) {
  return (
    <div class="missing">
      <h1>No such view</h1>
      <p>
        Nothing is at <code>{address}</code>.
      </p>
      <p>
        <a class="button primary" href={href('overview')}>
          to the overview
        </a>
      </p>
    </div>
  );
}
