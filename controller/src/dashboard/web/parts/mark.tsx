/** What a mark can say; its shape tells them apart without colour. */
export type MarkKind = 'ok' | 'info' | 'warning' | 'critical' | 'unknown' | 'pending' | 'quiet';

/** Shapes in a square of 12. */
const shapes: Readonly<Record<MarkKind, { readonly path: string; readonly isLine: boolean }>> = {
  ok: { path: 'M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0 -8z', isLine: false },
  info: { path: 'M2.5 2.5h7v7h-7z', isLine: true },
  warning: { path: 'M6 1l5.5 10H.5z', isLine: false },
  critical: { path: 'M2 2l8 8M10 2l-8 8', isLine: true },
  unknown: { path: 'M6 1l5 5l-5 5l-5 -5z', isLine: true },
  pending: { path: 'M6 1.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 1 0 0 -8.4zM6 3.8v2.4l1.8 1.2', isLine: true },
  quiet: { path: 'M2 6h8', isLine: true },
};

/** Decoration beside a word that says the same: screen readers skip it. */
export function Mark({ kind }: { readonly kind: MarkKind }) {
  const { path, isLine } = shapes[kind];
  return (
    <svg
      class={`mark ${kind} ${isLine ? 'stroked' : 'filled'}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}
