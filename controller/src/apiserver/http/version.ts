/** The level of the Kubernetes API whose behaviour is served: the one that was recorded. */
const MAJOR = '1';
const MINOR = '36';

/** The answer of `/version`; kubectl warns when its own minor version is more than one away. */
export function versionInfo(foghornVersion: string): unknown {
  return {
    major: MAJOR,
    minor: MINOR,
    gitVersion: `v${MAJOR}.${MINOR}.0+foghorn-${foghornVersion}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: `node-${process.version}`,
    compiler: 'v8',
    platform: `${process.platform}/${process.arch}`,
  };
}
