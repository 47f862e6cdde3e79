import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Pointing {
  readonly moved: () => void;
  /** Whether the pointer moved a moment ago: whoever moves it is about to press on something. */
  readonly isRecent: boolean;
}

/** From seeing a row to pressing on it. A pointer that was only left lying there holds nothing. */
const REACTION_MS = 3000;

export function usePointing(): Pointing {
  const [isRecent, setRecent] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const moved = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setRecent(false), REACTION_MS);
    setRecent(true);
  }, []);
  return { moved, isRecent };
}
