import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerFacts } from './decode/inspect.ts';

/** Folders of one container's controllers; on v2 all the same one. */
export interface CgroupPaths {
  readonly version: 1 | 2;
  readonly cpu: string;
  readonly memory: string;
  readonly io: string;
  readonly pids: string;
}

interface HostFolders {
  readonly cgroupDir: string;
  readonly procDir: string;
}

/** Where a container's files may be, the likeliest first. */
export function candidatePaths(facts: ContainerFacts, folders: HostFolders): readonly CgroupPaths[] {
  if (!/^[0-9a-f]{64}$/.test(facts.id)) return [];
  const told = pathsOfProcess(facts, folders);
  const places = [...(told ?? []), ...usualPlaces(facts)];
  return places.flatMap((place) => [v2(folders.cgroupDir, place), v1(folders.cgroupDir, place)]);
}

/** What the kernel says. A reader in a cgroup name space of its own is told paths with "..", which lead nowhere. */
function pathsOfProcess(facts: ContainerFacts, { procDir }: HostFolders): readonly string[] | undefined {
  if (facts.pid <= 0) return undefined;
  const text = readOptional(join(procDir, String(facts.pid), 'cgroup')) ?? '';
  const places = text.split('\n').map((line) => line.split(':').slice(2).join(':'));
  return [...new Set(places.filter((place) => place.includes(facts.id) && !place.includes('..')))];
}

/** By cgroup driver: cgroupfs puts a folder below its parent, systemd a scope into a slice. */
function usualPlaces(facts: ContainerFacts): readonly string[] {
  const { id, cgroupParent } = facts;
  if (cgroupParent.includes('..')) return [];
  const slice = cgroupParent.endsWith('.slice') ? slicePath(cgroupParent) : 'system.slice';
  const parent = cgroupParent === '' || cgroupParent.endsWith('.slice') ? 'docker' : cgroupParent;
  return [`/${slice}/docker-${id}.scope`, `/${parent}/${id}`, `/machine.slice/libpod-${id}.scope`];
}

/** systemd nests by dashes: "a-b.slice" is in "a.slice/a-b.slice". */
function slicePath(slice: string): string {
  const words = slice.replace(/\.slice$/, '').split('-');
  return words.map((_, index) => `${words.slice(0, index + 1).join('-')}.slice`).join('/');
}

function v1(root: string, place: string): CgroupPaths {
  return {
    version: 1,
    cpu: join(root, 'cpuacct', place),
    memory: join(root, 'memory', place),
    io: join(root, 'blkio', place),
    pids: join(root, 'pids', place),
  };
}

function v2(root: string, place: string): CgroupPaths {
  const folder = join(root, place);
  return { version: 2, cpu: folder, memory: folder, io: folder, pids: folder };
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
