import { useEffect, useRef } from 'preact/hooks';
import { router } from '../../router.ts';

/** The browser asks before a text that was changed is closed. Gives back the way out after saving. */
export function useUnsaved(isChanged: boolean): (address: string) => void {
  const isKept = useRef(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (isChanged && !isKept.current) event.preventDefault();
    };
    globalThis.addEventListener('beforeunload', ask);
    return () => globalThis.removeEventListener('beforeunload', ask);
  }, [isChanged]);
  return (address) => {
    isKept.current = true;
    router.go(address);
  };
}
