export type Awaitable<T> = T | Promise<T>;

/** Work in short steps, between which others get their turn. */
export type Steps = Generator<void> | AsyncGenerator<void>;
