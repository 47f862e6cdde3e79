import { chronicleContract } from './chronicle-contract.ts';
import { createMemoryChronicle } from './memory-chronicle.ts';

chronicleContract('memory', async () => createMemoryChronicle());
