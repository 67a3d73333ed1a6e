import { redis } from './servers.ts';
import { describeSweepsOver } from './sweeps-over-server.ts';

describeSweepsOver(redis);
